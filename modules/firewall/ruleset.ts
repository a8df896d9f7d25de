import { digestOf } from '../../core/module/digest.ts'
import type { Opening } from './opening.ts'

/** The program that loads a table into the kernel, as one file of nftables: it replaces the table in one step. */
export function rulesetOf(table: string, openings: readonly Opening[], rules: readonly string[]): string {
  const sets = openings.flatMap(({ name, from }) => (from === undefined ? [] : setsOf(name, from)))
  return [
    '# Written by Butler.',
    `table inet ${table}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    ...sets,
    '  chain input {',
    '    type filter hook input priority filter; policy drop;',
    ...rules.map((rule) => `    ${rule}`),
    ...ALWAYS,
    ...openings.flatMap(rulesOf),
    '  }',
    '}',
    '',
  ].join('\n')
}

/** What no machine can do without: what it asked for itself, its own loopback, ping and errors, its address by DHCP. */
const ALWAYS = [
  '    ct state established,related accept',
  '    ct state invalid drop',
  '    iif lo accept',
  '    meta l4proto { icmp, icmpv6 } accept',
  '    udp sport 67 udp dport 68 accept',
  '    udp sport 547 udp dport 546 accept',
]

function rulesOf({ name, ports, from }: Opening): string[] {
  const protocols = ['tcp', 'udp'] as const
  return protocols.flatMap((protocol) => {
    const numbers = ports.filter((port) => port.protocol === protocol).map(({ range }) => range)
    if (numbers.length === 0) return []
    const to = `${protocol} dport { ${numbers.join(', ')} } accept comment "${name}"`
    if (from === undefined) return [`    ${to}`]
    return familiesOf(from).map(({ family }) => `    ${family} saddr @${setName(name, family)} ${to}`)
  })
}

function setsOf(name: string, from: readonly string[]): string[] {
  return familiesOf(from).map(
    ({ family, addresses }) =>
      `  set ${setName(name, family)} { type ${family === 'ip' ? 'ipv4_addr' : 'ipv6_addr'}; flags interval; auto-merge; ` +
      `elements = { ${addresses.join(', ')} }; }`,
  )
}

function familiesOf(from: readonly string[]): { family: 'ip' | 'ip6'; addresses: string[] }[] {
  const [four, six] = [from.filter((each) => !each.includes(':')), from.filter((each) => each.includes(':'))]
  return [
    ...(four.length === 0 ? [] : [{ family: 'ip' as const, addresses: four }]),
    ...(six.length === 0 ? [] : [{ family: 'ip6' as const, addresses: six }]),
  ]
}

/** A name as nftables takes it: two openings never share one. */
function setName(name: string, family: string): string {
  return `${family}_${name.replaceAll(/[^a-z0-9]/giu, '_')}_${digestOf('sha256', name).slice(0, 6)}`
}
