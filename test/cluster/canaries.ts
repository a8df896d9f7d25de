import { randomBytes, randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import type { DebianHost } from '../hosts/host.ts'
import type { Lab } from '../hosts/lab.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { REPOSITORIES } from './sources.ts'

/** The secrets of the cluster that are texts of any kind; Consul's gossip key is 32 bytes in base64. */
const NAMES = [
  'airflow/api',
  'airflow/butler',
  'airflow/fernet',
  'airflow/jwt',
  'collectd/network',
  'grafana/admin',
  'influxdb/butler',
  'influxdb/grafana',
  'postgres/airflow',
  'postgres/butler',
  'postgres/celery',
  'postgres/grafana',
  'postgres/health',
  'rabbitmq/butler',
  'rabbitmq/health',
] as const

/** Those that are UUIDs. */
const TOKENS = ['consul/management.uuid', 'consul/reader.uuid', ...HOSTS.map((host) => `consul/${host}/agent.uuid`)]

/** Where the values to look for lie on a host while it is searched, for root alone. */
const PATTERNS = '/root/canaries'

/** Where nothing is a file of its own. */
const NOT_FILES = ['/proc', '/sys', '/dev']

/** Gives the secrets of the cluster values that are found wherever they are written. To be called before it is deployed. */
export async function plantCanaries(master: DebianHost): Promise<readonly string[]> {
  const planted: string[] = []
  for (const name of [...NAMES, ...TOKENS]) {
    const value = name.endsWith('.uuid') ? randomUUID() : `canary${randomBytes(13).toString('hex')}`
    await master.must(['butler-master', 'secrets', 'set', name], { input: `${value}\n` })
    planted.push(value)
  }
  return planted
}

/** No secret is where others see it: world-readable files, logs, lists of processes, git, what Butler keeps. */
export async function noCanaryIsSeen(t: Test, lab: Lab, planted: readonly string[]): Promise<void> {
  const pruned = NOT_FILES.map((folder) => `-path ${folder} -prune -o`).join(' ')
  const looks = {
    'files that everybody may read': `find / -xdev ${pruned} -type f -perm -o=r -print0 | xargs -0 -r grep -lF -f ${PATTERNS}`,
    logs: `{ journalctl -a --no-pager; find /var/log -type f -exec cat {} +; } | grep -aF -f ${PATTERNS} | head -n 3`,
    "Butler's own files": `find /var/lib/butler /var/cache/butler -type f -print0 | xargs -0 -r grep -laF -f ${PATTERNS}`,
    'lists of processes': `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -aoF -f ${PATTERNS}`,
  }
  for (const name of HOSTS) {
    const host = lab.host(name)
    await host.sh(`umask 077; cat > ${PATTERNS}`, { input: `${planted.join('\n')}\n` })
    for (const [where, look] of Object.entries(looks))
      t.equal((await host.sh(`${look} || true`)).trim(), '', `${name}: ${where}`)
  }
  const master = lab.host(MASTER)
  const history = `for each in ${REPOSITORIES}/*.git; do git -c safe.directory='*' -C "$each" log --all -p; done`
  t.equal((await master.sh(`${history} | grep -aoF -f ${PATTERNS} || true`)).trim(), '', 'git')
  for (const name of HOSTS) await lab.host(name).must(['rm', PATTERNS])
}
