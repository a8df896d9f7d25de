import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, renameSync, writeFileSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../core/errors.ts'
import { FOLDER, PROJECT } from './folder.ts'

/** A process is known by its number and the moment it began: numbers are used again. */
interface Recorded {
  name: string
  pid: number
  began: string
}

const RECORD = join(FOLDER, 'processes.json')
const LOGS = join(FOLDER, 'log')
/** How long a daemon may take to end by itself, in milliseconds. */
const GRACE_MS = 5000

/** Starts one of Butler's daemons with its output in a log file, and writes down that it runs. */
export function startDaemon(name: string, program: string, words: readonly string[]): Daemon {
  mkdirSync(LOGS, { recursive: true })
  const log = join(LOGS, `${name}.log`)
  const output = openSync(log, 'a')
  // A session of its own: Ctrl-C in the terminal reaches only `npm start`, which then ends the daemons in order.
  const child = spawn(process.execPath, [join(PROJECT, 'bin', `${program}.js`), ...words], {
    cwd: PROJECT,
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const { pid } = child
  if (pid === undefined) throw new UserError('not-started', `${program} could not be started; see ${log}.`)
  record([...recorded(), { name, pid, began: beganAt(pid) ?? '' }])
  return { name, log, pid, running: () => child.exitCode === null && child.signalCode === null }
}

export interface Daemon {
  name: string
  /** The path of the file that has all it said. */
  log: string
  pid: number
  running(): boolean
}

/** Ends every process that an embedded run has written down and that is still the same one; the youngest first. */
export async function endAll(): Promise<void> {
  const alive = recorded().filter(isAlive).toReversed()
  for (const { pid } of alive) signal(pid, 'SIGTERM')
  const deadline = Date.now() + GRACE_MS
  while (alive.some(isAlive) && Date.now() < deadline) await sleep(50)
  for (const process of alive.filter(isAlive)) signal(process.pid, 'SIGKILL')
  while (alive.some(isAlive)) await sleep(20)
  record([])
}

/** Writes down that this very process is the one that looks after the folder. */
export function recordSelf(): void {
  record([...recorded(), { name: 'npm start', pid: process.pid, began: beganAt(process.pid) ?? '' }])
}

/** The last lines of a log, for an error. */
export function lastWords(daemon: Daemon, lines = 15): string {
  return readFileSync(daemon.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}

function recorded(): Recorded[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(RECORD, 'utf8'))
    return Array.isArray(parsed) ? parsed.filter(isRecorded) : []
  } catch {
    // Never written, or the machine went down while it was: then nothing of it runs.
    return []
  }
}

function isRecorded(value: unknown): value is Recorded {
  return typeof value === 'object' && value !== null && 'pid' in value && 'began' in value && 'name' in value
}

function record(processes: readonly Recorded[]): void {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${RECORD}.new`, JSON.stringify(processes))
  renameSync(`${RECORD}.new`, RECORD)
}

function isAlive(recorded: Recorded): boolean {
  return recorded.pid !== process.pid && recorded.began !== '' && beganAt(recorded.pid) === recorded.began
}

/** When a process began, in whatever words the system uses; nothing when there is none (a zombie is none). */
function beganAt(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // After the name in parentheses: state is the first field, the start time the twentieth.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return fields[0] === 'Z' ? undefined : fields[19]
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended in the meantime.
  }
}
