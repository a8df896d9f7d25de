import type { StoredWork } from './jobs.ts'
import { digestsOf, type WorkDigests } from './work.ts'

/** A target of a job that has not ended. Times are of the monotonic clock, in ms: they count on, whatever the date says. */
export interface OpenTarget {
  readonly jid: string
  readonly id: string
  readonly kind: 'state' | 'function'
  readonly digests: WorkDigests
  readonly deliveryMs: number
  readonly runMs: number
  readonly deliverUntil: number
  /** When the minion acknowledged it. */
  received: number | undefined
  /** When the minion reported its start. */
  started: number | undefined
  /** When somebody asked to cancel it. */
  cancelled: number | undefined
  /** It is on its way, and the receipt is awaited. */
  sending: boolean
  timer: NodeJS.Timeout | undefined
}

/**
 * When the master stops waiting for this target; `undefined` while there is no reason to. A minion that is connected and
 * has the work in its queue is trusted; one that runs it ends it itself at the run deadline, so the master waits longer.
 * @param awaySince when its minion's connection ended; `undefined` while it is connected
 */
export function dueAt(target: OpenTarget, awaySince: number | undefined, graceMs: number): number | undefined {
  const { received, cancelled } = target
  if (received === undefined) return target.deliverUntil
  if (cancelled !== undefined) return cancelled + graceMs
  const began = target.started ?? (target.kind === 'function' ? received : undefined)
  if (awaySince !== undefined) return Math.max(awaySince, (began ?? received) + target.runMs) + graceMs
  return began === undefined ? undefined : began + target.runMs + 2 * graceMs
}

/** A target whose delivery begins now. */
export function openTarget(
  jid: string,
  id: string,
  work: StoredWork,
  { deliveryMs, runMs }: { deliveryMs: number; runMs: number },
): OpenTarget {
  return {
    jid,
    id,
    kind: work.kind,
    digests: digestsOf(work),
    deliveryMs,
    runMs,
    deliverUntil: performance.now() + deliveryMs,
    received: undefined,
    started: undefined,
    cancelled: undefined,
    sending: false,
    timer: undefined,
  }
}
