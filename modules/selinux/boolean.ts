import { UserError } from '../../core/errors.ts'
import { args, flag, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { fact } from '../../core/module/fact.ts'
import { planOf, state } from '../../core/module/state.ts'
import { nearest } from '../../core/text/nearest.ts'
import { parseBooleans, type Setting } from './current.ts'

export const boolean = state({
  summary: 'The boolean of SELinux has this value.',
  args: () =>
    args({
      name: text("The boolean's name."),
      value: flag('`on` or `off`.'),
      persist: flag('Whether it holds after the next start too.').default(false),
    }),
  reports: { value: 'Before and after.', 'after the next start': 'Before and after.' },
  example: `
    httpd_can_network_connect:
      selinux.boolean:
        - value: true
        - persist: true
  `,
  makes: () => [],
  async *plan(view, { name, value, persist }) {
    const all = await view.fact(booleans)
    const has = all.get(name)
    if (has === undefined) {
      const near = nearest(name, [...all.keys()])
      throw new UserError('no-boolean', `SELinux has no boolean '${name}'.`, {
        hint: near === undefined ? "'semanage boolean -l' lists them." : `Did you mean '${near}'?`,
      })
    }
    return yield* planOf(changesOf(name, has, value, persist), `Boolean ${name} is already ${word(value)}`)
  },
})

/** `setsebool -P` sets both at once. */
function changesOf(name: string, has: Setting, value: boolean, persist: boolean): Change[] {
  const apply: Change['apply'] = async (host) => {
    await host.run(['setsebool', ...(persist ? ['-P'] : []), name, word(value)], { check: true })
  }
  const now = has.now === value ? [] : [change('value', { old: word(has.now), new: word(value) }, ['anything'], apply)]
  if (!persist || has.kept === value) return now
  const shows = { old: word(has.kept), new: word(value) }
  return [
    ...now,
    change('after the next start', shows, ['anything'], now.length === 0 ? apply : () => Promise.resolve()),
  ]
}

function word(value: boolean): string {
  return value ? 'on' : 'off'
}

const booleans = fact({
  name: 'booleans of SELinux (semanage)',
  stale: ['command', 'package'],
  async read(view) {
    const { exitCode, stdout, stderr } = await view.query(['semanage', 'boolean', '-l'])
    if (exitCode === 0) return parseBooleans(stdout)
    if (exitCode === 127) view.missing({ kind: 'package', name: 'policycoreutils-python-utils' })
    const said = exitCode === 127 ? 'this machine has no semanage' : stderr.trim()
    throw new UserError('no-selinux', `The booleans of SELinux can't be told: ${said}.`, {
      hint: 'semanage is in the package policycoreutils-python-utils.',
    })
  },
})
