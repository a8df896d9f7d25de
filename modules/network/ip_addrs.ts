import { UserError } from '../../core/errors.ts'
import { args, flag, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { suggest } from '../../core/text/nearest.ts'
import { ip4Interfaces, isInSubnet, sortedAddresses } from './addresses.ts'

export const ipAddrs = fn({
  summary: 'Answers the IPv4 addresses of this machine, of all interfaces but the loopback, or of one.',
  args: () =>
    args({
      interface: text('Only of this interface.').optional(),
      include_loopback: flag('With those of the loopback.').default(false),
      cidr: text('Only those of this network, such as `10.0.0.0/8`.').optional(),
    }),
  example: 'network.ip_addrs eth0',
  changes: false,
  async run(view, want) {
    const all = ip4Interfaces(view.grains)
    const only = want.interface
    if (only !== undefined && all[only] === undefined) {
      throw new UserError('unknown-interface', `There is no interface '${only}' with an address.`, {
        hint: suggest(only, Object.keys(all)),
      })
    }
    const addresses = only === undefined ? Object.values(all).flat() : (all[only] ?? [])
    const { cidr } = want
    const inside = cidr === undefined ? addresses : addresses.filter((address) => isInSubnet(address, cidr))
    return sortedAddresses(inside, want.include_loopback || only === 'lo')
  },
})
