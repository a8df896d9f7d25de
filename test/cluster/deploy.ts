import { command } from '../../packaging/command.ts'
import type { DebianHost } from '../hosts/host.ts'

/** Deploys as an operator does on the master's host; gives the exit code of what failed, or 0. */
export async function deploy(master: DebianHost, show: (text: string) => void): Promise<number> {
  const steps = [
    ['mine', 'update', '*'],
    ['orchestrate', 'deploy'],
  ]
  for (const words of steps) {
    const { exitCode } = await command(master.enter(['butler-master', ...words]), { onOutput: show })
    if (exitCode !== 0) return exitCode
  }
  return 0
}
