import { totalmem } from 'node:os'
import type { Tracker } from '../../api/tracker.ts'
import type { LoggedRunEvent } from '../../model/event.ts'
import type { Run } from '../../model/records.ts'
import type { RunError } from '../../model/status.ts'
import type { OwnRun } from '../../store/engines.ts'
import { getRun, listRuns } from '../../store/runs.ts'
import { runFolders } from '../task/folders.ts'
import { startHeartbeat } from './heartbeat.ts'
import { Ledger } from './ledger.ts'
import { RunLog } from '../log/write.ts'
import { Slots } from './slots.ts'
import { errorOfStop, Stopped } from './stopped.ts'
import { workOff } from './work.ts'

type Tell = (event: LoggedRunEvent) => void

/** Works off all runs that are scheduled for this engine, and returns when each has ended. */
export async function runEngine(tracker: Tracker, engineId: string, stop: AbortSignal, tell: Tell): Promise<void> {
  await new LocalEngine(tracker, engineId, stop, tell).run()
}

class LocalEngine {
  readonly #tracker: Tracker
  readonly #id: string
  readonly #tell: Tell
  /** Aborted when the engine can't say any more that it lives: others may have taken its runs. */
  readonly #lost = new AbortController()
  /** Aborted when the engine is to end, for whatever reason. */
  readonly #stop: AbortSignal
  readonly #ledger: Ledger
  readonly #slots: Slots
  /** The runs that are going on, each with what ends it. */
  readonly #working = new Map<number, AbortController>()

  constructor(tracker: Tracker, id: string, stop: AbortSignal, tell: Tell) {
    this.#tracker = tracker
    this.#id = id
    this.#tell = tell
    this.#stop = AbortSignal.any([stop, this.#lost.signal])
    this.#ledger = new Ledger(tracker.database, id, this.#lost.signal)
    this.#slots = new Slots({ cpus: tracker.config.concurrency, memory: totalmem() })
  }

  async run(): Promise<void> {
    const { config, database } = this.#tracker
    await this.#ledger.enter()
    const heartbeat = startHeartbeat({
      leaseMs: config.leaseMs,
      beat: () => this.#beat(),
      lost: (cause) => this.#lost.abort(cause),
    })
    try {
      const runs = await listRuns(database.queries, { engineId: this.#id, status: 'scheduled' })
      // All workers draw from one queue: `for of` on an iterator takes the next one that is left.
      const queue = runs.values()
      const worker = async (): Promise<void> => {
        for (const run of queue) await this.#runOne(run)
      }
      await this.#together(Array.from({ length: config.concurrency }, worker))
    } finally {
      await heartbeat.stop()
      await this.#ledger.leave()
    }
  }

  /** Waits for all workers; when one of them can't go on, the others' programs are ended too. */
  async #together(workers: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.all(workers)
    } catch (error) {
      this.#lost.abort(error)
      await Promise.allSettled(workers)
      throw error
    }
  }

  /** Says that the engine lives; ends runs that somebody wants cancelled, and those that are no longer its own. */
  async #beat(): Promise<void> {
    // A run that begins while the question is under way is in neither list.
    const asked = [...this.#working]
    const own = new Map<number, OwnRun>((await this.#ledger.renew()).map((run) => [run.id, run]))
    for (const [id, controller] of asked) {
      const run = own.get(id)
      if (run === undefined) controller.abort(new Stopped('engine-stopped', 'Somebody else has ended this run.'))
      else if (run.cancelledBy !== null) {
        controller.abort(new Stopped('cancelled', `It was cancelled by ${run.cancelledBy}.`))
      }
    }
  }

  async #runOne(run: Run): Promise<void> {
    if (this.#stop.aborted) {
      await this.#ledger.end(run, errorOfStop(this.#stop.reason))
      return
    }
    if (!(await this.#ledger.begin(run))) return
    const controller = new AbortController()
    this.#working.set(run.id, controller)
    const log = new RunLog(run.id, runFolders(this.#tracker.config.workdir, run.id, run.attempt).log, this.#tell)
    const begin = performance.now()
    try {
      log.write({ type: 'run-started', attempt: run.attempt, source: run.source })
      const error = await this.#work(run, log, AbortSignal.any([controller.signal, this.#stop]))
      // Out of the list first: from here on it may be gone from the database's list too.
      this.#working.delete(run.id)
      await this.#ledger.end(run, error)
      const ms = Math.round(performance.now() - begin)
      if (error === undefined) log.write({ type: 'run-ended', status: 'completed', ms })
      else log.write({ type: 'run-ended', status: 'error', kind: error.kind, cause: error.cause, ms })
    } finally {
      this.#working.delete(run.id)
      log.close()
    }
  }

  async #work(run: Run, log: RunLog, signal: AbortSignal): Promise<RunError | undefined> {
    const { config, database } = this.#tracker
    const failed = await workOff({
      run: await getRun(database.queries, run.id),
      engineId: this.#id,
      slots: this.#slots,
      workdir: config.workdir,
      kept: config.kept,
      signal,
      log: (event) => log.write(event),
      began: (task, attempt) => this.#ledger.taskBegan(run, task, attempt),
      ended: (task, attempt, end) => this.#ledger.taskEnded(run, task, attempt, end),
    }).catch((error: unknown) => this.#unable(run, error))
    // What was ended from outside is told by who ended it.
    return failed !== undefined && signal.aborted ? errorOfStop(signal.reason) : failed
  }

  /** One run that can't be worked on, for want of a folder say, does not stop the others. */
  #unable(run: Run, error: unknown): RunError {
    if (this.#lost.signal.aborted) throw error
    process.stderr.write(`run ${run.id}: ${error instanceof Error ? error.stack : String(error)}\n`)
    return {
      kind: 'not-started',
      cause: `The engine can't work on it: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}
