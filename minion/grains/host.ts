import { hostname } from 'node:os'
import { known, textOf } from './family.ts'

/** The machine's names. They come from its own files alone: a name server that is away must not hold up a minion. */
export function host() {
  const nodename = hostname()
  const fqdn = nodename.includes('.') ? nodename : (fullName(nodename, textOf('/etc/hosts') ?? '') ?? nodename)
  const [short = fqdn, ...domain] = fqdn.split('.')
  return known({
    host: short,
    localhost: nodename,
    nodename,
    fqdn,
    domain: domain.join('.'),
    machine_id: textOf('/etc/machine-id') ?? textOf('/var/lib/dbus/machine-id'),
  })
}

/** The first dotted name on a line of `/etc/hosts` that has this name. */
export function fullName(name: string, hosts: string): string | undefined {
  for (const line of hosts.split('\n')) {
    const [, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/u)
    const full = names.includes(name) ? names.find((other) => other.startsWith(`${name}.`)) : undefined
    if (full !== undefined) return full
  }
  return undefined
}
