import { isMap } from '../../core/data.ts'
import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { ip4Interfaces, ip6Interfaces } from './addresses.ts'

export const interfaces = fn({
  summary: 'Answers the interfaces of this machine with their addresses.',
  args: () => args({}),
  example: 'network.interfaces',
  changes: false,
  async run(view) {
    const [four, six, hardware] = [
      ip4Interfaces(view.grains),
      ip6Interfaces(view.grains),
      view.grains['hwaddr_interfaces'],
    ]
    const names = [...new Set([...Object.keys(four), ...Object.keys(six)])].sort()
    const addressOf = (name: string) => (hardware !== undefined && isMap(hardware) ? (hardware[name] ?? null) : null)
    return Object.fromEntries(
      names.map((name) => [name, { hwaddr: addressOf(name), inet: four[name] ?? [], inet6: six[name] ?? [] }]),
    )
  },
})
