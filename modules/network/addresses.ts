import { isMap, type Data, type DataMap } from '../../core/data.ts'

// Addresses come from the grains, which the agent renews; asking them costs nothing and needs no program.

/** The IPv4 addresses of each interface, from the grain `ip4_interfaces`. */
export function ip4Interfaces(grains: DataMap): Record<string, string[]> {
  const found = grains['ip4_interfaces']
  if (found === undefined || !isMap(found)) return {}
  return Object.fromEntries(Object.entries(found).map(([name, addresses]) => [name, textsIn(addresses)]))
}

/** The IPv6 addresses of each interface, from the grain `ip6_interfaces`. */
export function ip6Interfaces(grains: DataMap): Record<string, string[]> {
  const found = grains['ip6_interfaces']
  if (found === undefined || !isMap(found)) return {}
  return Object.fromEntries(Object.entries(found).map(([name, addresses]) => [name, textsIn(addresses)]))
}

/** The addresses without those of the loopback, sorted as numbers. */
export function sortedAddresses(addresses: readonly string[], withLoopback: boolean): string[] {
  const unique = [...new Set(addresses)]
  return unique
    .filter((address) => withLoopback || !address.startsWith('127.'))
    .sort((a, b) => numberOf(a) - numberOf(b))
}

/** Whether an IPv4 address lies in `10.0.0.0/8`. */
export function isInSubnet(address: string, cidr: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(base) / size)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textsIn(data: Data): string[] {
  return Array.isArray(data) ? data.filter((item) => typeof item === 'string') : []
}
