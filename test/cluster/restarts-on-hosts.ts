import type { Test } from 'tap'
import type { DebianHost } from '../hosts/host.ts'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { reportOf } from './reports.ts'
import { commitToSite } from './site.ts'

const FOLDER = '/var/tmp/slow'

// Says that it has begun, waits to be let go, and then writes a line: a second line would be a second run.
const SLOW = `
begin:
  cmd.run:
    - name: touch ${FOLDER}/begun; until test -e ${FOLDER}/go; do sleep 0.05; done
line:
  cmd.run:
    - name: echo line >> ${FOLDER}/lines
    - require: [{ cmd: begin }]
`

/** What happens while a state run is in a chunk: each with the unit that systemd brings back. */
const ACCIDENTS: readonly { what: string; host: 'worker-1' | typeof MASTER; line: string; unit: string }[] = [
  { what: 'restart of the agent', host: 'worker-1', line: 'systemctl restart butler-minion', unit: 'butler-minion' },
  {
    what: 'kill -9 of the agent',
    host: 'worker-1',
    line: 'systemctl kill --kill-who=main -s KILL butler-minion',
    unit: 'butler-minion',
  },
  {
    what: 'kill -9 of the master',
    host: MASTER,
    line: 'systemctl kill --kill-who=main -s KILL butler-master',
    unit: 'butler-master',
  },
]

/**
 * On machines with systemd a state run is a scope of its own, which neither a restart nor a kill of the agent's service
 * ends; systemd brings the daemons back, and the job ends with all it did, once. Leaves the overlay as it was.
 */
export async function restartsOnHosts(t: Test, lab: Lab): Promise<void> {
  const master = lab.host(MASTER)
  const worker = lab.host('worker-1')
  await commitToSite(master, { 'states/slow.yaml': SLOW })
  await master.sh('butler-master sources update')

  for (const { what, host, line, unit } of ACCIDENTS) {
    await t.test(`${what} while a state runs`, async (t) => {
      await worker.sh(`rm -rf ${FOLDER} && mkdir ${FOLDER}`)
      const submitted = await master.sh('butler-master apply worker-1 slow --async --json')
      const { jid } = JSON.parse(submitted) as { jid: string }
      await until('the run to begin', () => isThere(worker, 'begun'))
      t.match(await worker.sh('systemctl list-units --no-legend "butler-run-*.scope"'), `butler-run-${jid}.scope`)

      const before = await pidOf(lab.host(host), unit)
      await lab.host(host).sh(line)
      await until(`${unit} to be back`, async () => ![before, '0'].includes(await pidOf(lab.host(host), unit)))
      await worker.sh(`touch ${FOLDER}/go`)

      const end = await until('the job to end', async () => {
        const target = (await reportOf(master, 'jobs', 'show', jid)).targets['worker-1']
        return target?.outcome ? target : undefined
      })
      t.equal(end.outcome, 'succeeded', JSON.stringify(end))
      t.strictSame(
        end.results.map(({ id, result }) => [id, result]),
        [
          ['begin', true],
          ['line', true],
        ],
      )
      t.equal(await worker.sh(`cat ${FOLDER}/lines`), 'line\n', 'no chunk was run twice')
    })
  }
  // Also those of the jobs that went to all hosts at once, since the first deployment.
  for (const name of HOSTS) await until(`${name} to have no run's scope left`, () => hasNoScope(lab.host(name)))
  await commitToSite(master, { 'states/slow.yaml': null })
  await master.sh('butler-master sources update')
}

async function isThere(host: DebianHost, name: string): Promise<boolean> {
  return (await host.run(['test', '-e', `${FOLDER}/${name}`])).exitCode === 0
}

async function hasNoScope(host: DebianHost): Promise<boolean> {
  return (await host.sh('systemctl list-units --no-legend "butler-run-*.scope"')).trim() === ''
}

async function pidOf(host: DebianHost, unit: string): Promise<string> {
  return (await host.sh(`systemctl show -P MainPID ${unit}`)).trim()
}
