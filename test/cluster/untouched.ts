import type { Test } from 'tap'
import { differences, fingerprint } from '../hosts/fingerprint.ts'
import type { Lab } from '../hosts/lab.ts'
import { deploy } from './deploy.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { changedIn, failedIn, reportOf, resultsOf } from './reports.ts'

/** Deploys and plans, and sees that neither touches anything on any host. */
export async function nothingIsTouched(t: Test, lab: Lab, note: (text: string) => void): Promise<void> {
  const master = lab.host(MASTER)
  const hosts = HOSTS.map((name) => lab.host(name))
  const before = await Promise.all(hosts.map(fingerprint))
  t.equal(await deploy(master, note), 0)
  const plan = await reportOf(master, 'plan', '*')
  t.strictSame(failedIn(plan), [])
  for (const [number, host] of hosts.entries()) {
    t.strictSame(changedIn(resultsOf(plan, host.name)), [], host.name)
    t.strictSame(differences(before[number] ?? new Set(), await fingerprint(host)), [], host.name)
  }
}
