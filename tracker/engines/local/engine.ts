import { totalmem } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../../../core/errors.ts'
import type { Tracker } from '../../api/tracker.ts'
import type { LoggedRunEvent } from '../../model/event.ts'
import type { Run } from '../../model/records.ts'
import type { RunError } from '../../model/status.ts'
import { addAttempt, endAttempt } from '../../store/attempts.ts'
import { endEngine, type OwnRun, renewLease, setEnginePid } from '../../store/engines.ts'
import { getRun, listRuns } from '../../store/runs.ts'
import { setCompleted, setError, setInProgress } from '../../store/transitions.ts'
import { runFolders } from './folders.ts'
import { startHeartbeat } from './heartbeat.ts'
import { RunLog } from './run-log.ts'
import { Slots } from './slots.ts'
import { workOff } from './work.ts'

type Tell = (event: LoggedRunEvent) => void

/** Works off all runs that are scheduled for this engine, and returns when each has ended. */
export async function runEngine(tracker: Tracker, engineId: string, stop: AbortSignal, tell: Tell): Promise<void> {
  const engine = new LocalEngine(tracker, engineId, stop, tell)
  await engine.run()
}

class LocalEngine {
  readonly #tracker: Tracker
  readonly #id: string
  readonly #tell: Tell
  /** Aborted when the engine is to end: the reason is what its runs get. */
  readonly #stop: AbortSignal
  /** Aborted when the lease was lost: nothing may be written any more. */
  readonly #lost = new AbortController()
  readonly #slots: Slots
  readonly #working = new Map<number, AbortController>()

  constructor(tracker: Tracker, id: string, stop: AbortSignal, tell: Tell) {
    this.#tracker = tracker
    this.#id = id
    this.#tell = tell
    this.#stop = AbortSignal.any([stop, this.#lost.signal])
    this.#slots = new Slots({ cpus: tracker.config.concurrency, memory: totalmem() })
  }

  async run(): Promise<void> {
    const { queries } = this.#tracker.database
    await this.#persist((now) => setEnginePid(queries, this.#id, process.pid, now))
    const heartbeat = startHeartbeat({
      leaseMs: this.#tracker.config.leaseMs,
      renew: async () => renewLease(queries, this.#id, await this.#now()),
      seen: (own) => this.#heed(own),
      lost: (cause) => this.#lost.abort(cause),
    })
    try {
      const queue = (await listRuns(queries, { engineId: this.#id, status: 'scheduled' })).values()
      // All workers draw from one queue: `for of` on an iterator takes the next one that is left.
      const worker = async (): Promise<void> => {
        for (const run of queue) await this.#runOne(run)
      }
      await Promise.all(Array.from({ length: this.#tracker.config.concurrency }, worker))
    } finally {
      await heartbeat.stop()
      await this.#persist((now) => endEngine(queries, this.#id, now))
    }
  }

  /** Ends runs that somebody wants cancelled, and those that are no longer this engine's. */
  #heed(own: readonly OwnRun[]): void {
    const byId = new Map(own.map((run) => [run.id, run]))
    for (const [id, controller] of this.#working) {
      const run = byId.get(id)
      if (run === undefined) controller.abort(ended('engine-stopped', 'Somebody else has ended this run.'))
      else if (run.cancelledBy !== null) controller.abort(ended('cancelled', `It was cancelled by ${run.cancelledBy}.`))
    }
  }

  async #runOne({ id, attempt }: Run): Promise<void> {
    const { config, database } = this.#tracker
    const owner = { engineId: this.#id, attempt }
    const run = await getRun(database.queries, id)
    if (this.#stop.aborted) {
      const error = stoppedBy(this.#stop.reason)
      await this.#unlessTaken(() => this.#persist((now) => setError(database.queries, id, error, now, owner)))
      return
    }
    const begun = await this.#unlessTaken(() => this.#persist((now) => setInProgress(database.queries, id, now, owner)))
    if (!begun) return
    const begin = performance.now()
    const controller = new AbortController()
    this.#working.set(id, controller)
    const log = new RunLog(id, runFolders(config.workdir, id, attempt).log, this.#tell)
    try {
      log.write({ type: 'run-started', attempt, source: run.source })
      const signal = AbortSignal.any([controller.signal, this.#stop])
      const keyOf = (task: string, number: number) => ({ runId: id, runAttempt: attempt, task, attempt: number })
      const failed = await workOff({
        run,
        engineId: this.#id,
        slots: this.#slots,
        workdir: config.workdir,
        kept: config.kept,
        signal,
        log: (event) => log.write(event),
        began: (task, number) => this.#persist((now) => addAttempt(database.queries, keyOf(task, number), now)),
        ended: (task, number, end) =>
          this.#persist((now) => endAttempt(database.queries, keyOf(task, number), end, now)),
      }).catch((error: unknown) => ended('not-started', `The engine could not go on with it: ${messageOf(error)}.`))
      const error = failed !== undefined && signal.aborted ? stoppedBy(signal.reason) : failed
      // Out of the list first: from here on the run is expected to be no longer in progress.
      this.#working.delete(id)
      await this.#unlessTaken(() =>
        this.#persist((now) =>
          error === undefined
            ? setCompleted(database.queries, id, now, owner)
            : setError(database.queries, id, error, now, owner),
        ),
      )
      const ms = Math.round(performance.now() - begin)
      if (error === undefined) log.write({ type: 'run-ended', status: 'completed', ms })
      else log.write({ type: 'run-ended', status: 'error', kind: error.kind, cause: error.cause, ms })
    } finally {
      this.#working.delete(id)
      log.close()
    }
  }

  /** Writes to the database, and waits for it when it is away, as long as the lease lasts. */
  async #persist(write: (now: string) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write(await this.#now())
      } catch (error) {
        if (this.#lost.signal.aborted || this.#tracker.database.explain(error) === undefined) throw error
        await wait(500)
      }
    }
  }

  /** False when the run is not this engine's any more; then it is nobody's business here. */
  async #unlessTaken(write: () => Promise<void>): Promise<boolean> {
    try {
      await write()
      return true
    } catch (error) {
      if (error instanceof UserError && error.code === 'illegal-transition') return false
      throw error
    }
  }

  async #now(): Promise<string> {
    return (await this.#tracker.database.clock()).toISOString()
  }
}

function ended(kind: RunError['kind'], cause: string): RunError {
  return { kind, cause }
}

/** The reason of an aborted signal is the error of the run, where one of ours aborted it. */
function stoppedBy(reason: unknown): RunError {
  if (typeof reason === 'object' && reason !== null && 'kind' in reason && 'cause' in reason) {
    if (reason.kind === 'cancelled') return ended('cancelled', String(reason.cause))
    return ended('engine-stopped', String(reason.cause))
  }
  return ended('engine-stopped', `The engine was stopped: ${messageOf(reason)}.`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
