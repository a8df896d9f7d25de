import { setTimeout as wait } from 'node:timers/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import type { Random } from '../random.ts'
import { deploy } from './deploy.ts'
import { HOSTS, MASTER } from './hosts.ts'
import { connectedMinions } from './up.ts'

/** How late a kill may come after the beginning of a deployment, in seconds: the later ones have less to do. */
const LATEST = 20

interface Victim {
  what: string
  host: string
  unit: string
}

/** Who is killed: each second time the master. systemd starts both again. */
function victim(time: number, random: Random): Victim {
  if (time % 2 === 1) return { what: 'the master', host: MASTER, unit: 'butler-master' }
  const host = HOSTS[random(HOSTS.length)] ?? MASTER
  return { what: `the minion of ${host}`, host, unit: 'butler-minion' }
}

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
    const { what, host, unit } = victim(time, random)
    const seconds = 1 + random(LATEST)
    const [program, ...words] = master.enter(['butler-master', 'orchestrate', 'deploy'])
    const deployment = spawn(program, words, { stdio: 'ignore' })
    const ended = once(deployment, 'close')
    const came = await Promise.race([wait(seconds * 1000), ended])
    await lab.host(host).run(['systemctl', 'kill', '--signal=KILL', unit])
    await ended
    const how = came === undefined ? 'then' : 'too late: it had ended'
    show(`${time}: ${what} was killed after ${seconds} s (${how}); the deployment ended with ${deployment.exitCode}`)
    await until('all minions to be back', async () => {
      const { exitCode } = await master.run(['butler-master', 'minions'])
      return exitCode === 0 && (await connectedMinions(master)).length === HOSTS.length
    })
  }
  return (await deploy(master, show)) === 0
}
