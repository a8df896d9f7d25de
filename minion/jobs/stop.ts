import { formatDuration } from '../../core/text/duration.ts'
import type { Outcome } from '../../core/run/result.ts'

/** Why a job is to end before it is done. */
export interface Reason {
  outcome: Outcome & ('timed-out' | 'cancelled')
  cause: string
}

export interface Stop extends Disposable {
  /** Aborted at the deadline or when the job is cancelled. */
  signal: AbortSignal
  reason: Reason | undefined
}

/** The two ways in which a job is ended from outside: its deadline, and SIGTERM, which is how the agent cancels. */
export function watchForStop(runMs: number): Stop {
  const controller = new AbortController()
  const stop = (reason: Reason): void => {
    watching.reason ??= reason
    controller.abort()
  }
  const cancel = (): void => stop({ outcome: 'cancelled', cause: 'It was cancelled.' })
  const timer = setTimeout(() => stop(timedOut(runMs)), runMs)
  process.on('SIGTERM', cancel)
  const watching: Stop = {
    signal: controller.signal,
    reason: undefined,
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      process.off('SIGTERM', cancel)
    },
  }
  return watching
}

export function timedOut(runMs: number): Reason {
  return { outcome: 'timed-out', cause: `It took longer than ${formatDuration(runMs)} and was ended.` }
}

/** How long work that was told to stop may take to do so, in milliseconds. */
const GRACE_MS = 3000

/** The work's result; or `undefined` when it was told to stop and has not done so within a grace. */
export async function orStopped<T>(work: Promise<T>, stop: Stop): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timers: NodeJS.Timeout[] = []
  const giveUp = (): void => void timers.push(setTimeout(() => resolve(undefined), GRACE_MS))
  stop.signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work, promise])
  } finally {
    stop.signal.removeEventListener('abort', giveUp)
    for (const timer of timers) clearTimeout(timer)
  }
}
