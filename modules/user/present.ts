import { requireGroup } from '../../core/module/accounts.ts'
import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, integer, path, text, texts } from '../../core/module/args.ts'
import { change, type Change, type Made } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { gidFact, membershipFact, type User, userFact } from './passwd.ts'
import { passwordChanges } from './password.ts'

const wanted = () =>
  args({
    name: text("The user's name."),
    uid: integer('Its number.').optional(),
    gid: text('Its own group, by name or number.').optional(),
    usergroup: flag('Whether a group of the same name is made for it. Else as the system does it.').optional(),
    gid_from_name: flag('Its own group is the one of the same name.').default(false),
    groups: texts('The groups that it is in besides its own.').optional(),
    optional_groups: texts('Groups that it is in if they exist.').default([]),
    remove_groups: flag('Takes it out of groups that are not named, when `groups` is given.').default(true),
    home: path('Its home folder.').optional(),
    createhome: flag('Makes the home folder.').default(true),
    shell: path('Its login shell.').optional(),
    fullname: text('Its full name.').optional(),
    system: flag('Makes it a system user, with a low number, when it is made.').default(false),
    unique: flag('Whether its number must be its own.').default(true),
    password: text('The hash of its password, as /etc/shadow holds it; give it as a secret.').optional(),
    hash_password: flag('`password` is the password itself, to be hashed on the machine.').default(false),
    enforce_password: flag('Whether a password that differs is set again.').default(true),
    empty_password: flag('It has no password at all.').default(false),
    allow_uid_change: flag('Whether the number of a user that exists may change.').default(false),
    allow_gid_change: flag('Whether its own group may change when it exists.').default(true),
  })

type Want = ArgsOf<typeof wanted>

export const present = state({
  summary: 'The user exists, with this home, shell and groups. What is not given stays as it is.',
  args: wanted,
  reports: {
    '<name>': 'What the machine knows of a user that was made.',
    'uid|gid|fullname|home|shell|groups': 'Before and after.',
    'home folder': 'The home that was missing.',
    password: '`changed` or `removed`.',
  },
  example: `
    airflow:
      user.present:
        - home: /var/lib/airflow
        - shell: /usr/sbin/nologin
        - system: true
        - gid_from_name: true
  `,
  makes,
  async *plan(view, want) {
    const group = await groupWanted(view, want)
    if (group !== undefined) await requireGroup(view, group)
    for (const name of want.groups ?? []) await requireGroup(view, name)
    const has = await view.fact(userFact(want.name))
    const groups = await groupsWanted(view, want)
    const account = has === undefined ? [added(want, group, groups)] : await modified(view, has, want, group, groups)
    const changes = [...account, ...(await passwordChanges(view, want, has === undefined))]
    return yield* planOf(changes, `User ${want.name} is present and up to date`)
  },
})

/** Its own group; one of its name that is there already is taken, since useradd would stumble over it. */
async function groupWanted(view: View, want: Want): Promise<string | undefined> {
  if (want.gid_from_name) return want.name
  if (want.gid !== undefined || want.usergroup === false) return want.gid
  const isNew = (await view.fact(userFact(want.name))) === undefined
  return isNew && (await view.fact(gidFact(want.name))) !== undefined ? want.name : undefined
}

/** The supplementary groups that it is to be in; `undefined` when nobody said. */
async function groupsWanted(view: View, want: Want): Promise<string[] | undefined> {
  const optional: string[] = []
  for (const name of want.optional_groups) {
    if ((await view.fact(gidFact(name))) !== undefined) optional.push(name)
  }
  if (want.groups === undefined && optional.length === 0) return undefined
  return [...new Set([...(want.groups ?? []), ...optional])].sort()
}

/** The system makes a group of the same name along with a user. */
function makes(want: Want): Made[] {
  const home: Made[] = want.home === undefined ? [] : [{ kind: 'path', name: want.home }]
  return [{ kind: 'user', name: want.name }, { kind: 'group', name: want.name }, ...home]
}

function added(want: Want, group: string | undefined, groups: readonly string[] | undefined): Change {
  const words = [
    ...(want.system ? ['-r'] : []),
    ...(want.uid === undefined ? [] : ['-u', String(want.uid)]),
    ...(want.unique ? [] : ['-o']),
    ...(group === undefined ? [] : ['-g', group]),
    ...(want.usergroup === undefined || group !== undefined ? [] : [want.usergroup ? '-U' : '-N']),
    ...(groups === undefined || groups.length === 0 ? [] : ['-G', groups.join(',')]),
    ...(want.home === undefined ? [] : ['-d', want.home]),
    want.createhome ? '-m' : '-M',
    ...(want.shell === undefined ? [] : ['-s', want.shell]),
    ...(want.fullname === undefined ? [] : ['-c', want.fullname]),
  ]
  return change(want.name, { old: '', new: 'user' }, makes(want), async (host) => {
    await host.run(['useradd', ...words, '--', want.name], { check: true })
    const made = await host.fact(userFact(want.name))
    const shows = made === undefined ? {} : { ...made, gecos: made.gecos.join(',') }
    return { shows, comment: `New user ${want.name} created` }
  })
}

async function modified(
  view: View,
  has: User,
  want: Want,
  group: string | undefined,
  groups: readonly string[] | undefined,
): Promise<Change[]> {
  const gid = group === undefined ? undefined : /^\d+$/u.test(group) ? Number(group) : await view.fact(gidFact(group))
  const { name } = want
  const gecos = [want.fullname ?? '', ...has.gecos].join(',').replace(/,+$/u, '')
  const uidDiffers = want.uid !== undefined && want.uid !== has.uid
  if (uidDiffers && !want.allow_uid_change) {
    throw new UserError('uid-differs', `User ${name} has uid ${has.uid}, not ${want.uid}.`, {
      hint: 'Files of that user would change hands: add `allow_uid_change: true` if that is meant.',
    })
  }
  return [
    ...modification('uid', has.uid, want.uid, name, ['-u', String(want.uid)]),
    ...(want.allow_gid_change ? modification('gid', has.gid, gid, name, ['-g', String(gid)]) : []),
    ...modification('fullname', has.fullname, want.fullname, name, ['-c', gecos]),
    ...modification('home', has.home, want.home, name, ['-d', want.home ?? '']),
    ...modification('shell', has.shell, want.shell, name, ['-s', want.shell ?? '']),
    ...(await homeChanges(view, has, want)),
    ...(groups === undefined ? [] : await groupChanges(view, want, groups, gid ?? has.gid)),
  ]
}

function modification(
  key: string,
  old: string | number,
  wanted: string | number | undefined,
  name: string,
  words: readonly string[],
): Change[] {
  if (wanted === undefined || wanted === old) return []
  return [
    change(key, { old, new: wanted }, [{ kind: 'user', name }], async (host) => {
      await host.run(['usermod', ...words, '--', name], { check: true })
    }),
  ]
}

/** useradd makes the home of a new user; one that has gone missing is made from the same model. */
async function homeChanges(view: View, has: User, want: Want): Promise<Change[]> {
  const home = want.home ?? has.home
  if (!want.createhome || want.home === undefined || (await view.stat(home)) !== undefined) return []
  return [
    change('home folder', { old: '', new: home }, [{ kind: 'path', name: home }], async (host) => {
      const { stdout } = await host.query(['id', '-g', want.name])
      await host.run(['cp', '-R', '/etc/skel', home], { check: true })
      await host.run(['chown', '-R', `${want.name}:${stdout.trim()}`, home], { check: true })
      await host.chmod(home, '0700')
    }),
  ]
}

async function groupChanges(view: View, want: Want, groups: readonly string[], own: number): Promise<Change[]> {
  const all = await view.fact(membershipFact(want.name))
  const has: string[] = []
  for (const name of all) if ((await view.fact(gidFact(name))) !== own) has.push(name)
  const keeps = want.groups === undefined || !want.remove_groups
  const target = [...new Set([...groups, ...(keeps ? has : [])])].sort()
  if (target.join(',') === [...has].sort().join(',')) return []
  return [
    change('groups', { old: [...has].sort(), new: target }, [{ kind: 'user', name: want.name }], async (host) => {
      await host.run(['usermod', '-G', target.join(','), '--', want.name], { check: true })
    }),
  ]
}
