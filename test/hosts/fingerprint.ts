import type { DebianHost } from './host.ts'

// What of a host may change on its own: logs, caches, the daemons' own data.
const PASSING = [
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/tmp',
  '/root',
  '/var/log',
  '/var/tmp',
  '/var/cache',
  '/var/lib/apt/lists',
  '/var/lib/airflow',
  '/var/lib/butler',
  '/var/lib/consul',
  '/var/lib/influxdb',
  '/var/lib/postgresql',
  '/var/lib/rabbitmq',
  '/var/lib/systemd',
]

/**
 * Everything of a host that a run which has nothing to do must leave alone, one line each: every file with inode, owner,
 * mode, size and time, and every service with its process. Two of them are compared as sets of lines.
 */
export async function fingerprint(host: DebianHost): Promise<Set<string>> {
  const pruned = PASSING.map((path) => `-path ${path}`).join(' -o ')
  const files = await host.sh(
    `find / -xdev \\( ${pruned} \\) -prune -o -printf '%p inode %i owner %U:%G mode %m size %s time %T@\\n'`,
  )
  const units = await host.sh(
    // Sessions come and go: who asks RabbitMQ by `su`, as Debian's rabbitmqctl does, opens one.
    "systemctl show '*.service' --property=Id,ActiveState,UnitFileState,MainPID,NRestarts --value | paste -sd' ' | sed 's/  /\\n/g' | grep -vE ' user(-runtime-dir)?@'",
  )
  return new Set([...files.split('\n'), ...units.split('\n')].filter((line) => line !== ''))
}

/** What is only in one of them: empty when nothing was touched. */
export function differences(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  const gone = [...before].filter((line) => !after.has(line)).map((line) => `- ${line}`)
  const come = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`)
  return [...gone, ...come].toSorted((a, b) => a.localeCompare(b))
}
