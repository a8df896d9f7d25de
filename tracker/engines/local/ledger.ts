import { setTimeout as wait } from 'node:timers/promises'
import type { Run } from '../../model/records.ts'
import type { RunError } from '../../model/status.ts'
import { addAttempt, type AttemptEnd, endAttempt } from '../../store/attempts.ts'
import type { Database } from '../../store/database.ts'
import { endEngine, type OwnRun, renewLease, setEnginePid } from '../../store/engines.ts'
import { setCompleted, setError, setInProgress, unlessTaken } from '../../store/transitions.ts'

/** How long to wait before a database that is away is tried again, in milliseconds. */
const PAUSE = 500

/**
 * What one engine writes to the database: about itself, and about runs only while they are its own. Waits for a database
 * that is away, until `lost` is aborted.
 */
export class Ledger {
  readonly #database: Database
  readonly #engineId: string
  readonly #lost: AbortSignal

  constructor(database: Database, engineId: string, lost: AbortSignal) {
    this.#database = database
    this.#engineId = engineId
    this.#lost = lost
  }

  enter(): Promise<void> {
    return this.#persist((now) => setEnginePid(this.#database.queries, this.#engineId, process.pid, now))
  }

  leave(): Promise<void> {
    return this.#persist((now) => endEngine(this.#database.queries, this.#engineId, now))
  }

  /** Says once that the engine is alive, and gives its runs that are going on. Does not wait. */
  async renew(): Promise<OwnRun[]> {
    return renewLease(this.#database.queries, this.#engineId, await this.#now())
  }

  /** False when the run is not this engine's any more: it was cancelled, or given to another one. */
  begin(run: Run): Promise<boolean> {
    const { queries } = this.#database
    return unlessTaken(() => this.#persist((now) => setInProgress(queries, run.id, now, this.#owner(run))))
  }

  /** False when somebody else has ended it. */
  end(run: Run, error: RunError | undefined): Promise<boolean> {
    const { queries } = this.#database
    return unlessTaken(() =>
      this.#persist((now) =>
        error === undefined
          ? setCompleted(queries, run.id, now, this.#owner(run))
          : setError(queries, run.id, error, now, this.#owner(run)),
      ),
    )
  }

  taskBegan(run: Run, task: string, attempt: number): Promise<void> {
    return this.#persist((now) => addAttempt(this.#database.queries, keyOf(run, task, attempt), now))
  }

  taskEnded(run: Run, task: string, attempt: number, end: AttemptEnd): Promise<void> {
    return this.#persist((now) => endAttempt(this.#database.queries, keyOf(run, task, attempt), end, now))
  }

  #owner({ attempt }: Run) {
    return { engineId: this.#engineId, attempt }
  }

  async #persist(write: (now: string) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write(await this.#now())
      } catch (error) {
        if (this.#lost.aborted || this.#database.explain(error) === undefined) throw error
        await wait(PAUSE)
      }
    }
  }

  async #now(): Promise<string> {
    return (await this.#database.clock()).toISOString()
  }
}

function keyOf(run: Run, task: string, attempt: number) {
  return { runId: run.id, runAttempt: run.attempt, task, attempt }
}
