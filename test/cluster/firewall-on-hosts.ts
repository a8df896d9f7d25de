import { connect } from 'node:net'
import type { Test } from 'tap'
import type { DebianHost } from '../hosts/host.ts'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { failedIn, reportOf } from './reports.ts'
import { commitToSite } from './site.ts'

const CONSUL_SERVER = [8300, 8301, 8302]

/** The TCP ports that roles name, by host: open to the cluster. */
const NAMED: Readonly<Record<(typeof HOSTS)[number], readonly number[]>> = {
  master: [22, 4510, 8086, 8501, ...CONSUL_SERVER],
  'db-server': [22, 5432, ...CONSUL_SERVER],
  'job-queue': [22, 5671, 15672, 8301],
  tracker: [22, 4520, 8889, 5555, ...CONSUL_SERVER],
  'worker-1': [22, 8301, 8793],
  'worker-2': [22, 8301, 8793],
}

/** Nobody names it. */
const STRAY = 9999

/** What of it is open to everybody. */
const TO_ALL = [22, 4510]

const CUT = `
butler:
  firewall.managed:
    - open: { ssh: { ports: [22] } }
    - rules: ['ip saddr MASTER drop']
    - reach: ['MASTER:4510']
`

/** Only what a role names is open, and only to whom it is meant for. */
export async function firewallOnHosts(t: Test, lab: Lab): Promise<void> {
  const hosts = HOSTS.map((name) => lab.host(name))
  const listening = new Map<string, number[]>()
  for (const host of hosts) {
    await host.must(['systemd-run', '--unit=stray', '--collect', 'systemd-socket-activate', '-l', `${STRAY}`, 'cat'])
    const ports = await until(`${host.name} to listen`, async () => {
      const open = await portsOf(host)
      return open.includes(STRAY) && open
    })
    listening.set(host.name, ports)
  }

  await t.test('from another host: what listens is reached if a role names it, and not else', async (t) => {
    const scan = async (host: DebianHost): Promise<void> => {
      const from = lab.host(host.name === 'worker-1' ? 'worker-2' : 'worker-1')
      const ports = listening.get(host.name) ?? []
      const named = NAMED[HOSTS.find((name) => name === host.name) ?? MASTER]
      t.strictSame(
        named.filter((port) => !ports.includes(port)),
        [],
        `${host.name}: all that is named listens`,
      )
      const open = await openFrom(from, host.address, ports)
      t.strictSame(
        open,
        ports.filter((port) => named.includes(port)),
        host.name,
      )
    }
    await Promise.all(hosts.map(scan))
  })

  await t.test('from outside of the cluster: ssh, and the master', async (t) => {
    const scan = async (host: DebianHost): Promise<void> => {
      const ports = listening.get(host.name) ?? []
      const answers = await Promise.all(ports.map((port) => isOpen(host.address, port)))
      const open = ports.filter((_, index) => answers[index])
      t.strictSame(
        open,
        ports.filter((port) => TO_ALL.includes(port)),
        host.name,
      )
    }
    await Promise.all(hosts.map(scan))
  })

  await t.test('the operator sees the pages, from where ui_from says', async (t) => {
    const master = lab.host(MASTER)
    const outside = lab.host(MASTER).address.replace(/\.\d+$/u, '.1')
    const pillar = { target: '*', pillar: { base: { ui_from: [outside] } } }
    await commitToSite(master, { 'pillar/operator.yaml': JSON.stringify(pillar) })
    await master.must(['butler-master', 'sources', 'update'])
    t.strictSame(failedIn(await reportOf(master, 'apply', 'job-queue', 'base')), [])
    t.equal(await isOpen(lab.host('job-queue').address, 15672), true)
    await commitToSite(master, { 'pillar/operator.yaml': null })
    await master.must(['butler-master', 'sources', 'update'])
    t.strictSame(failedIn(await reportOf(master, 'apply', 'job-queue', 'base')), [])
    t.equal(await isOpen(lab.host('job-queue').address, 15672), false)
  })

  await t.test('rules that cut a machine off from its master are taken back', async (t) => {
    const worker = lab.host('worker-1')
    const before = await worker.must(['nft', 'list', 'table', 'inet', 'butler'])
    await worker.sh('mkdir -p /srv/cut/states')
    await worker.put('/srv/cut/states/cut.yaml', CUT.replaceAll('MASTER', lab.host(MASTER).address))
    const { exitCode, stdout } = await worker.run(['butler-call', '--local', '--file-root', '/srv/cut', 'apply', 'cut'])
    t.equal(exitCode, 1)
    t.match(stdout, /could not be reached: the ones before are back/u)
    t.equal(await worker.must(['nft', 'list', 'table', 'inet', 'butler']), before)
  })

  for (const host of hosts) await host.must(['systemctl', 'stop', 'stray'])
}

/** What listens for TCP on more than the loopback. */
async function portsOf(host: DebianHost): Promise<number[]> {
  const lines = (await host.must(['ss', '-Hltn'])).trim().split('\n')
  const ports = lines.flatMap((line) => {
    const [, , , local = ''] = line.split(/\s+/u)
    const colon = local.lastIndexOf(':')
    return /^(?:127\.|\[::1\])/u.test(local) ? [] : [Number(local.slice(colon + 1))]
  })
  return [...new Set(ports)].toSorted((a, b) => a - b)
}

async function openFrom(from: DebianHost, address: string, ports: readonly number[]): Promise<number[]> {
  const tries = ports.map(
    (port) => `(timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo ${port}) &`,
  )
  const said = await from.sh(`${tries.join('\n')}\nwait`)
  return said
    .trim()
    .split('\n')
    .map(Number)
    .toSorted((a, b) => a - b)
}

function isOpen(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port, timeout: 2000 })
  socket.on('connect', () => resolve(true))
  socket.on('error', () => resolve(false))
  socket.on('timeout', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
