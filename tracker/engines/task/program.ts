import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { eachLine } from './lines.ts'
import { errnoOf } from '../../model/errno.ts'

export interface ProgramOptions {
  command: readonly string[]
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  timeoutMs: number | undefined
  /** Ends the program and all that it started. */
  signal: AbortSignal
  onLine(stream: 'stdout' | 'stderr', text: string): void
}

export type ProgramEnd =
  | { how: 'exited'; code: number }
  | { how: 'killed'; signal: string }
  | { how: 'timed-out' }
  | { how: 'aborted' }
  | { how: 'not-started'; cause: string }

/** How long a program may take to end itself after SIGTERM, in milliseconds. */
const GRACE = 10_000

/** How long output may still come after the program's end, from what it left behind, in milliseconds. */
const LAST_WORDS = 2_000

/** Runs one program in a process group of its own; when it ends, nothing of the group is left. Never throws. */
export async function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const [program = '', ...args] = options.command
  if (options.signal.aborted) return { how: 'aborted' }
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) return { how: 'not-started', cause: await startFailure(child, program) }

  const failed = new AbortController()
  const take = (stream: 'stdout' | 'stderr') => (text: string) => {
    try {
      options.onLine(stream, text)
    } catch (error) {
      failed.abort(error)
    }
  }
  eachLine(child.stdout, take('stdout'))
  eachLine(child.stderr, take('stderr'))
  const ended = once(child, 'exit')
  const closed = once(child, 'close')

  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs)
  const stop = AbortSignal.any([options.signal, failed.signal, ...(timeout === undefined ? [] : [timeout])])
  await Promise.race([ended, aborted(stop)])
  const stopped = stop.aborted && child.exitCode === null && child.signalCode === null
  if (stopped) {
    signalGroup(pid, 'SIGTERM')
    await within(ended, GRACE)
  }
  signalGroup(pid, 'SIGKILL')
  await ended
  await within(closed, LAST_WORDS)
  child.stdout.destroy()
  child.stderr.destroy()

  if (failed.signal.aborted) return { how: 'not-started', cause: String(failed.signal.reason) }
  if (stopped) return { how: timeout?.aborted && !options.signal.aborted ? 'timed-out' : 'aborted' }
  if (child.exitCode === null) return { how: 'killed', signal: child.signalCode ?? 'a signal' }
  return { how: 'exited', code: child.exitCode }
}

async function startFailure(child: ChildProcess, program: string): Promise<string> {
  const [error]: unknown[] = await once(child, 'error')
  const code = errnoOf(error)
  if (code === 'ENOENT') return `there is no program '${program}' on this machine`
  // Also when a folder on the PATH can't be read.
  if (code === 'EACCES') return `there is no program '${program}' on this machine that you may execute`
  return `'${program}' can't be started: ${code}`
}

/** The group is gone when nobody is in it. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody left to end.
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

async function within(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const timer = new AbortController()
  await Promise.race([promise, wait(milliseconds, undefined, { signal: timer.signal }).catch(() => {})])
  timer.abort()
}
