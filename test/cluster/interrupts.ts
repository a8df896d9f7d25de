import { setTimeout as wait } from 'node:timers/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import type { Random } from '../random.ts'
import { deploy } from './deploy.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { connectedMinions } from './up.ts'

/** How late a kill may come after the beginning of a deployment, in seconds. */
const LATEST = 40

/** Who is killed; the agents are started again by systemd, and so is the master. */
const VICTIMS = [
  { what: 'the master', host: MASTER, unit: 'butler-master' },
  ...HOSTS.map((host) => ({ what: `the minion of ${host}`, host, unit: 'butler-minion' })),
] as const

/**
 * Deploys so many times, and each time kills the master or a minion at a random moment; then once more, undisturbed. Gives
 * whether that one ended well. Best on hosts that nothing was deployed to yet.
 */
export async function interruptDeployments(
  lab: Lab,
  times: number,
  random: Random,
  show: (line: string) => void,
): Promise<boolean> {
  const master = lab.host(MASTER)
  for (let time = 1; time <= times; time++) {
    const victim = VICTIMS[random(VICTIMS.length)]
    if (victim === undefined) throw new Error('There is nobody to kill.')
    const seconds = 1 + random(LATEST)
    const [program, ...words] = master.enter(['butler-master', 'orchestrate', 'deploy'])
    const deployment = spawn(program, words, { stdio: 'ignore' })
    const ended = once(deployment, 'close')
    const came = await Promise.race([wait(seconds * 1000), ended])
    await lab.host(victim.host).run(['systemctl', 'kill', '--signal=KILL', victim.unit])
    await ended
    const how = came === undefined ? 'then' : 'too late: it had ended'
    show(
      `${time}: ${victim.what} was killed after ${seconds} s (${how}); the deployment ended with ${deployment.exitCode}`,
    )
    await until('all minions to be back', async () => {
      const { exitCode } = await master.run(['butler-master', 'minions'])
      return exitCode === 0 && (await connectedMinions(master)).length === HOSTS.length
    })
  }
  return (await deploy(master, show)) === 0
}
