import { networkInterfaces } from 'node:os'
import type { DataMap } from '../../core/data.ts'
import { textOf } from './family.ts'

export function network(): DataMap {
  const all = Object.entries(networkInterfaces()).map(([name, addresses = []]) => ({ name, addresses }))
  const perInterface = (family?: string): DataMap =>
    Object.fromEntries(
      all.map(({ name, addresses }) => [
        name,
        addresses.filter((one) => family === undefined || one.family === family).map((one) => one.address),
      ]),
    )
  const every = (family: string): string[] => {
    const addresses = all.flatMap((one) => one.addresses)
    return [...new Set(addresses.filter((one) => one.family === family).map((one) => one.address))].sort()
  }
  const ip4_gw = gateway4(textOf('/proc/net/route') ?? '') ?? false
  const ip6_gw = gateway6(textOf('/proc/net/ipv6_route') ?? '') ?? false
  return {
    ipv4: every('IPv4'),
    ipv6: every('IPv6'),
    ip_interfaces: perInterface(),
    ip4_interfaces: perInterface('IPv4'),
    ip6_interfaces: perInterface('IPv6'),
    hwaddr_interfaces: Object.fromEntries(
      all.flatMap(({ name, addresses: [first] }) => (first === undefined ? [] : [[name, first.mac]])),
    ),
    ip_gw: ip4_gw !== false || ip6_gw !== false,
    ip4_gw,
    ip6_gw,
    dns: resolvers(textOf('/etc/resolv.conf') ?? ''),
  }
}

/** The default route of `/proc/net/route`: addresses are hexadecimal, the last byte first. */
export function gateway4(table: string): string | undefined {
  for (const line of table.split('\n')) {
    const [, destination, gateway = ''] = line.split(/\s+/u)
    if (destination !== '00000000' || !/^[0-9A-F]{8}$/u.test(gateway)) continue
    return gateway
      .match(/../gu)
      ?.toReversed()
      .map((byte) => Number.parseInt(byte, 16))
      .join('.')
  }
  return undefined
}

/** The default route of `/proc/net/ipv6_route` that leads through a gateway. */
export function gateway6(table: string): string | undefined {
  for (const line of table.split('\n')) {
    const [destination = '', length, , , hop = ''] = line.trim().split(/\s+/u)
    if (length !== '00' || !/^0{32}$/u.test(destination) || !/[1-9a-f]/u.test(hop)) continue
    const groups = hop.match(/..../gu) ?? []
    // a URL's host is written in the short form of RFC 5952
    return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
  }
  return undefined
}

export function resolvers(text: string): DataMap {
  const words = text.split('\n').map((line) => (line.split(/[#;]/u)[0] ?? '').trim().split(/\s+/u))
  const of = (name: string): string[] => words.flatMap(([key, ...rest]) => (key === name ? rest : []))
  const nameservers = of('nameserver')
  return {
    nameservers,
    ip4_nameservers: nameservers.filter((address) => !address.includes(':')),
    ip6_nameservers: nameservers.filter((address) => address.includes(':')),
    search: of('search'),
    domain: of('domain')[0] ?? '',
  }
}
