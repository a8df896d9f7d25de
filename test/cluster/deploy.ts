import { command } from '../../packaging/command.ts'
import type { DebianHost } from '../hosts/host.ts'

/** Deploys as an operator does on the master's host; gives the exit code of what failed, or 0. */
export async function deploy(master: DebianHost, show: (text: string) => void): Promise<number> {
  const deployment = master.enter(['butler-master', 'orchestrate', 'deploy'])
  return (await command(deployment, { onOutput: show })).exitCode
}
