import { readdir, readFile, readlink } from 'node:fs/promises'
import { z } from 'zod'
import { until } from './until.ts'

/** A process that is found again after a crash of ours: a pid alone may since have been given to somebody else. */
export const processRecord = z.object({ pid: z.int().positive(), started: z.string() })

export type ProcessRecord = z.infer<typeof processRecord>

export async function recordOf(pid: number): Promise<ProcessRecord> {
  const started = await startOf(pid)
  if (started === undefined) throw new Error(`Process ${pid} ended at once.`)
  return { pid, started }
}

export async function isAlive(record: ProcessRecord): Promise<boolean> {
  return (await startOf(record.pid)) === record.started
}

/** Sends a signal to exactly this process, and waits until it has ended; after `patienceMs` it is killed. */
export async function endProcess(record: ProcessRecord, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!(await isAlive(record))) return
  process.kill(record.pid, signal)
  const gone = async (): Promise<boolean> => !(await isAlive(record))
  try {
    await until(`process ${record.pid} to end`, gone, { timeoutMs: patienceMs })
  } catch {
    process.kill(record.pid, 'SIGKILL')
    await until(`process ${record.pid} to be killed`, gone)
  }
}

/** The PID 1 of a host, found among what systemd-nspawn has started: first helpers, then systemd in their place. */
export async function leaderOf(nspawn: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').catch(() => '')
  for (const child of children.trim().split(' ')) {
    const program = await readlink(`/proc/${child}/exe`).catch(() => '')
    if (program.endsWith('/systemd')) return Number(child)
  }
  return undefined
}

/**
 * Ends what still speaks to a host, by its leader, for callers that are gone. A host that powers off stops all its processes,
 * and nsenter stops with its own: it would never reap it, and the host would wait for that.
 */
export async function endEntered(leader: number): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))
  for (const pid of pids) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    const [program, , entered] = words
    if (program !== 'nsenter' || entered !== String(leader)) continue
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
}

/** When a process started, in ticks since boot: field 22 of its stat, counted after the name, which may hold spaces. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : fields[19]
}
