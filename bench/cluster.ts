// `npm run bench:cluster`: how long a deployment of the whole cluster takes on fresh hosts, when there is nothing to do, and
// after a reboot, by its steps. Needs root on Linux; see bench/README.md.
import { bringUp, makeRelease } from '../test/cluster/up.ts'
import { HOSTS, MASTER } from '../test/cluster/hosts.ts'
import { connectedMinions } from '../test/cluster/up.ts'
import { failedIn, reportOf, resultsOf } from '../test/cluster/reports.ts'
import type { Lab } from '../test/hosts/lab.ts'
import { until } from '../test/hosts/until.ts'

interface Deployment {
  seconds: number
  /** By the id of the step. */
  steps: ReadonlyMap<string, number>
}

const note = (text: string): void => void process.stderr.write(`${text}\n`)
const release = await makeRelease(note)
const begin = performance.now()
const lab = await bringUp(release, note)
try {
  const up = secondsSince(begin)
  const first = await deployed(lab)
  const again = await deployed(lab)
  await lab.reboot()
  await until('all minions to be back', async () => (await connectedMinions(lab.host(MASTER))).length === HOSTS.length)
  const rebooted = await deployed(lab)
  process.stdout.write(`${tableOf(up, first, again, rebooted)}\n`)
} finally {
  await lab.close()
}

async function deployed({ host }: Pick<Lab, 'host'>): Promise<Deployment> {
  const start = performance.now()
  const report = await reportOf(host(MASTER), 'orchestrate', 'deploy')
  const seconds = secondsSince(start)
  const failed = failedIn(report)
  if (failed.length > 0) throw new Error(`The deployment failed:\n${failed.join('\n')}`)
  const steps = Object.keys(report.targets).flatMap((id) => resultsOf(report, id))
  return { seconds, steps: new Map(steps.map(({ id, duration_ms: ms }) => [id, ms / 1000])) }
}

function tableOf(up: number, first: Deployment, again: Deployment, rebooted: Deployment): string {
  return [
    '| phase | first | again | after a reboot |',
    '| --- | ---: | ---: | ---: |',
    row('hosts boot and join', up),
    ...[...first.steps.keys()].map((id) => row(id, first.steps.get(id), again.steps.get(id), rebooted.steps.get(id))),
    row('deploy, all of it', first.seconds, again.seconds, rebooted.seconds),
  ].join('\n')
}

function row(name: string, ...values: (number | undefined)[]): string {
  return `| ${[name, ...values.map((value) => value?.toFixed(1) ?? '')].join(' | ')} |`
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
