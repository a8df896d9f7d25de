import { execFileSync } from 'node:child_process'

/** The command lines of all processes that name this folder. */
export function processesOf(folder: string): string[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && !line.startsWith('Z'))
}
