import { args, text, texts } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { hostsChange, readHosts } from './change.ts'
import { addressesOf, withoutEntry } from './hosts_file.ts'

export const absent = state({
  summary: 'The name does not stand in /etc/hosts, or not beside these addresses.',
  args: () =>
    args({
      name: text('The name of a machine.'),
      ip: texts('The addresses; without them, all.').optional(),
    }),
  reports: { '<name>': 'The addresses that it had.' },
  example: `
    old-db-server:
      host.absent: []
  `,
  makes: () => [],
  async *plan(view, want) {
    const has = addressesOf(await readHosts(view), want.name).filter((ip) => want.ip?.includes(ip) ?? true)
    if (has.length === 0) return yield* planOf([], `Host ${want.name} already absent`)
    const edit = (text: string): string => has.reduce((older, ip) => withoutEntry(older, { ip, name: want.name }), text)
    const shows = { old: has.join(', '), new: '' }
    return yield* planOf([hostsChange(want.name, shows, edit, `Removed host ${want.name}`)], '')
  },
})
