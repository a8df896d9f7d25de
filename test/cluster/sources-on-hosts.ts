import type { Test } from 'tap'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { MASTER } from './hosts.ts'
import { failedIn, reportOf, resultsOf } from './reports.ts'
import { commitToSite } from './site.ts'

/** The default poll is a minute; the rest is for a busy machine. */
const SEEN = { timeoutMs: 180_000, everyMs: 1000 }

// A chunk for each thing that can decide: a grain, a guard and a requisite.
const DECISIONS = `
bash:
  pkg.installed: []
guarded:
  cmd.run:
    - name: touch /root/never
    - unless: test -d /root
broken:
  test.fail_without_changes: []
blocked:
  cmd.run:
    - name: touch /root/never
    - require: [{ test: broken }]
`

/**
 * The master polls its sources by itself, every 60 s as it is installed: a commit to the overlay is in use without a
 * restart and its files win, a broken one is refused with its place. Leaves the overlay as it was.
 */
export async function sourcesOnHosts(t: Test, lab: Lab): Promise<void> {
  const master = lab.host(MASTER)
  const sources = (): Promise<string> => master.sh('butler-master sources --json')
  const daemon = (): Promise<string> => master.sh('systemctl show butler-master -p MainPID -p NRestarts')
  const before = await daemon()

  const began = performance.now()
  const commit = await commitToSite(master, {
    // The role's file of the lower source says that workers have no states.
    'roles/worker.yaml': 'states: [decisions]\n',
    'states/decisions.yaml': DECISIONS,
  })
  await until('the commit to be in use', async () => inUse(await sources(), commit), SEEN)
  t.comment(`a commit was in use after ${Math.round((performance.now() - began) / 1000)} s`)
  const plan = resultsOf(await reportOf(master, 'plan', 'worker-1'), 'worker-1')
  t.ok(
    plan.some(({ id }) => id === 'guarded'),
    "an overlay's file wins",
  )

  const { exitCode, stdout, stderr } = await lab.host('worker-1').run(['butler-call', 'highstate', '-l', 'debug'])
  const said = stdout + stderr
  t.equal(exitCode, 1, said)
  t.match(said, /bash: ran: .*grain os_family is "Debian"/u, 'the grain that decided')
  t.match(said, /guarded: not run \(unless\): .*test -d \/root/u, 'the guard that decided')
  t.match(said, /blocked: not run \(requisite\): .*broken/u, 'the requisite that decided')
  for (const { id } of plan) t.match(said, `${id}: `, `something is said about ${id}`)

  await commitToSite(master, { 'states/decisions.yaml': 'a:\n\ttest.nop: []\n' })
  // Not after the poll this time: an operator can be faster.
  const update = await master.run(['butler-master', 'sources', 'update'])
  const refused = `${update.stdout}${update.stderr}${await master.sh('butler-master sources')}`
  t.match(refused, /states\/decisions\.yaml:2/u)
  t.match(refused, /tab/u)
  t.ok(inUse(await sources(), commit), 'the last good one stays in use')

  const mended = await commitToSite(master, { 'states/decisions.yaml': null, 'roles/worker.yaml': null })
  await master.must(['butler-master', 'sources', 'update'])
  t.ok(inUse(await sources(), mended), 'the mended commit is in use')
  t.equal(await daemon(), before, 'and all of it without a restart')
  // What follows from a role is as the role was meanwhile.
  t.strictSame(failedIn(await reportOf(master, 'highstate', 'worker-1')), [])
}

function inUse(sources: string, commit: string): boolean {
  const lines = JSON.parse(sources) as { name: string; commit: string | null }[]
  return lines.some((source) => source.name === 'site' && source.commit === commit)
}
