import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Every program that an engine starts carries this variable, and so does all that those start. */
export const ENGINE_VARIABLE = 'BUTLER_ENGINE'

/**
 * Ends what a vanished engine left running on this machine, so that a retry does not work beside it. Processes are known
 * by the engine's id in their environment, never by their number alone, which may be another's by now.
 */
export async function killLeftovers(engineId: string): Promise<number> {
  let killed = 0
  for (const pid of await processesOf(`${ENGINE_VARIABLE}=${engineId}`)) {
    try {
      process.kill(pid, 'SIGKILL')
      killed++
    } catch {
      // It ended by itself.
    }
  }
  return killed
}

async function processesOf(variable: string): Promise<number[]> {
  if (process.platform !== 'linux') return processesByPs(variable)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Others' processes can't be read, and those that end meanwhile are gone.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return environment.split('\0').includes(variable)
    }),
  )
  return pids.filter((_, index) => found[index])
}

async function processesByPs(variable: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-E', '-o', 'pid=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
    .split('\n')
    .filter((line) => line.split(/\s+/u).includes(variable))
    .map((line) => Number.parseInt(line, 10))
}
