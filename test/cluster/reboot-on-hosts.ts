import type { Test } from 'tap'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { nothingIsTouched } from './untouched.ts'
import { connectedMinions } from './up.ts'

/** A cluster that was switched off and on comes back by itself, and there is nothing for a deployment to do. */
export async function rebootOnHosts(t: Test, lab: Lab, note: (text: string) => void): Promise<void> {
  await lab.reboot()
  const master = lab.host(MASTER)
  await until('all minions to be back', async () => {
    const { exitCode } = await master.run(['butler-master', 'minions'])
    return exitCode === 0 && (await connectedMinions(master)).length === HOSTS.length
  })

  await t.test('all comes up by itself, and works', async (t) => {
    const said = await until(
      'the cluster to be well',
      async () => {
        const { exitCode, stdout } = await master.run(['butler-master', 'validate'])
        note(stdout)
        return exitCode === 0 && stdout
      },
      { timeoutMs: 300_000, everyMs: 3000 },
    )
    t.match(said, /^\d+ ok, 0 failed, 2 not deployed$/mu)
  })

  await t.test('deployed and planned, nothing is touched', (t) => nothingIsTouched(t, lab, note))
}
