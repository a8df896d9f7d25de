import { args, flag, text, texts } from '../../core/module/args.ts'
import { planOf, state } from '../../core/module/state.ts'
import { hostsChange, readHosts } from './change.ts'
import { addressesOf, withEntry, withoutEntry } from './hosts_file.ts'

export const present = state({
  summary: 'The name stands in /etc/hosts beside these addresses.',
  args: () =>
    args({
      name: text('The name of a machine.'),
      ip: texts('Its address, or several.'),
      clean: flag('Takes the name away from other addresses.').default(false),
    }),
  reports: { '<name>': 'Its addresses before and after.' },
  example: `
    db-server:
      host.present:
        - ip: 10.0.0.11
        - clean: true
  `,
  makes: () => [],
  async *plan(view, want) {
    const has = addressesOf(await readHosts(view), want.name)
    const missing = want.ip.filter((ip) => !has.includes(ip))
    const surplus = want.clean ? has.filter((ip) => !want.ip.includes(ip)) : []
    if (missing.length === 0 && surplus.length === 0) {
      return yield* planOf([], `Host ${want.name} (${want.ip.join(', ')}) already present`)
    }
    const edit = (text: string): string => {
      const cleaned = surplus.reduce((older, ip) => withoutEntry(older, { ip, name: want.name }), text)
      return missing.reduce((older, ip) => withEntry(older, { ip, name: want.name }), cleaned)
    }
    const shows = { old: has.join(', '), new: want.ip.join(', ') }
    return yield* planOf([hostsChange(want.name, shows, edit, `Added host ${want.name} (${want.ip.join(', ')})`)], '')
  },
})
