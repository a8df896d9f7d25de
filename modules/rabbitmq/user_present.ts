import { args, type ArgsOf, flag, permissions, text, texts } from '../../core/module/args.ts'
import { change, ChangeFailed, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { tell } from './rabbitmqctl.ts'
import { hasPassword, permissionsOf, usersOf, type Permissions, type User } from './users.ts'

const wanted = () =>
  args({
    name: text("The user's name."),
    password: text('Its password; give it as a secret. Without one nobody can log in by a password.').optional(),
    force: flag('Sets the password every time, without asking whether it is that already.').default(false),
    tags: texts('What it may do beyond messages, such as administrator. Left out: they stay.').optional(),
    perms: permissions('By virtual host: what it may configure, write and read, as regular expressions.').default({}),
  })

type Want = ArgsOf<typeof wanted>

export const userPresent = state({
  summary: 'The user exists in RabbitMQ, with this password, these tags and permissions.',
  args: wanted,
  reports: {
    user: 'The user, when it was made.',
    password: '`changed`.',
    tags: 'The tags before and after.',
    'permissions in <vhost>': 'What it may configure, write and read, before and after.',
  },
  example: `
    butler:
      rabbitmq_user.present:
        - password: {{secret 'rabbitmq/butler'}}
        - tags: [administrator]
        - perms:
            - butler_vhost: ['.*', '.*', '.*']
  `,
  makes: () => BROKER,
  async *plan(view, want) {
    const user = (await usersOf(view)).get(want.name)
    return yield* planOf(
      [
        ...(user === undefined ? [creation(want)] : []),
        ...(user !== undefined && (await needsPassword(view, user, want)) ? [newPassword(want)] : []),
        ...tagChanges(want, user?.tags ?? []),
        ...permissionChanges(want, user === undefined ? new Map() : await permissionsOf(view, want.name)),
      ],
      `User ${want.name} is as it should be`,
    )
  },
})

const BROKER = [{ kind: 'broker', name: 'users' }] as const

function creation({ name, password }: Want): Change {
  return change('user', { old: '', new: name }, BROKER, async (host) => {
    // None can't be made without a password: one that nobody knows is taken away again.
    await tell(host, ['add_user', '--', name], `${password ?? (await anyPassword(host))}\n`)
    if (password === undefined) await tell(host, ['clear_password', '--', name])
  })
}

async function anyPassword(host: Host): Promise<string> {
  const uuid = await host.read('/proc/sys/kernel/random/uuid')
  if (uuid === undefined) throw new ChangeFailed('This machine gives no random numbers: /proc is not there.')
  return new TextDecoder().decode(uuid).trim()
}

async function needsPassword(view: View, user: User, { name, password, force }: Want): Promise<boolean> {
  if (password === undefined) return false
  return force || !(await hasPassword(view, name, user, password))
}

function newPassword({ name, password }: Want): Change {
  return change('password', 'changed', BROKER, (host) =>
    tell(host, ['change_password', '--', name], `${password ?? ''}\n`),
  )
}

function tagChanges({ name, tags: wants }: Want, has: readonly string[]): Change[] {
  if (wants === undefined || same(has, wants)) return []
  const shows = { old: [...has], new: [...wants] }
  return [change('tags', shows, BROKER, (host) => tell(host, ['set_user_tags', '--', name, ...wants]))]
}

function permissionChanges({ name, perms }: Want, has: ReadonlyMap<string, Permissions>): Change[] {
  return Object.entries(perms).flatMap(([vhost, wants]) => {
    const [old, now] = [has.get(vhost)?.join(' ') ?? '', wants.join(' ')]
    if (old === now) return []
    const words = ['set_permissions', '-p', vhost, '--', name, ...wants]
    return [change(`permissions in ${vhost}`, { old, new: now }, BROKER, (host) => tell(host, words))]
  })
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join(' ') === b.toSorted().join(' ')
}
