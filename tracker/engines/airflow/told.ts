import type { RunEvent } from '../../model/event.ts'
import type { Run } from '../../model/records.ts'
import type { RunError } from '../../model/status.ts'
import { addAttempt, type AttemptKey, endAttempt } from '../../store/attempts.ts'
import type { Queries } from '../../store/database.ts'
import { LogReader } from '../log/read.ts'
import { RunLog } from '../log/write.ts'

/** How many of its last lines the cause of a failed task quotes. */
const QUOTED = 5

/** One attempt of a task, as it has told of itself. */
interface ToldAttempt {
  task: string
  attempt: number
  host: string | undefined
  /** How many of its events have been taken. */
  events: number
  last: string[]
  ended: Extract<RunEvent, { type: 'task-ended' }> | undefined
}

/**
 * What the tasks of one attempt of a run have told. All of it stands in the run's log, so that a tracker that is started
 * again knows as much as before.
 */
export class Told {
  readonly #run: Run
  readonly #log: RunLog
  readonly #attempts = new Map<string, ToldAttempt>()
  #begun = false
  /** One report after the other: a log is written in one order. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(run: Run, log: RunLog) {
    this.#run = run
    this.#log = log
  }

  static async open(run: Run, path: string): Promise<Told> {
    const told = new Told(run, new RunLog(run.id, path, () => {}))
    for await (const { event } of new LogReader(path).more()) told.#note(event)
    return told
  }

  /** Says in the log that the run has begun, once. */
  begin(): void {
    if (!this.#begun) this.#write({ type: 'run-started', attempt: this.#run.attempt, source: this.#run.source })
  }

  /**
   * Takes what an attempt of a task reports: its events from number `from` on. What came before, since an answer was lost,
   * is not taken again. In the database first: what stands in the log stands there too.
   */
  take(queries: Queries, of: TaskKey, from: number, events: readonly RunEvent[], now: string): Promise<void> {
    return this.#inTurn(async () => {
      this.begin()
      const known = this.#attemptOf(of).events
      for (const event of events.slice(Math.max(0, known - from))) {
        await this.#keep(queries, of, event, now)
        this.#write(event)
      }
    })
  }

  /** Writes events that nobody reported: of tasks that were not run, or that know nothing of us. */
  add(events: readonly RunEvent[]): Promise<void> {
    return this.#inTurn(() => {
      for (const event of events) this.#write(event)
      return Promise.resolve()
    })
  }

  /** The log ends here, with this event when there is one to tell. */
  close(event: RunEvent | undefined): Promise<void> {
    return this.#inTurn(() => {
      if (event !== undefined) this.#write(event)
      this.#log.close()
      return Promise.resolve()
    })
  }

  /** Whether the task has told that it succeeded. */
  hasCompleted(task: string): boolean {
    return [...this.#attempts.values()].some((each) => each.task === task && each.ended?.ok === true)
  }

  /** Why the run failed, by the first task that told of its end. */
  failure(): RunError | undefined {
    const failed = [...this.#attempts.values()].filter(({ ended }) => ended?.ok === false && !ended.again)
    const [first] = failed
    if (first?.ended === undefined) return undefined
    const { cause, exitCode } = first.ended
    const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more)`
    return {
      kind: 'task-failed',
      cause: `Task '${first.task}' failed${whereOf(first)}: ${cause ?? 'it did not say why'}${others}.${quoted(first.last)}`,
      ...(exitCode === undefined ? {} : { exitCode }),
    }
  }

  /** The last lines of a task, and where it ran, when it has told. */
  lastOf(task: string): { where: string; quoted: string } {
    const known = [...this.#attempts.values()].findLast((each) => each.task === task)
    return known === undefined ? { where: '', quoted: '' } : { where: whereOf(known), quoted: quoted(known.last) }
  }

  async #keep(queries: Queries, { task, attempt }: TaskKey, event: RunEvent, now: string): Promise<void> {
    const key: AttemptKey = { runId: this.#run.id, runAttempt: this.#run.attempt, task, attempt }
    if (event.type === 'task-started') await addAttempt(queries, key, now)
    if (event.type !== 'task-ended') return
    const { ok, cause, exitCode } = event
    await endAttempt(queries, key, { state: ok ? 'completed' : 'error', exitCode: exitCode ?? null, cause }, now)
  }

  #write(event: RunEvent): void {
    this.#log.write(event)
    this.#note(event)
  }

  /** Keeps in mind what stands in the log. */
  #note(event: RunEvent): void {
    if (event.type === 'run-started') this.#begun = true
    if (event.type !== 'task-started' && event.type !== 'output' && event.type !== 'task-ended') return
    // A line does not say of which attempt it is: of the one that began last.
    const latest = [...this.#attempts.values()].findLast(({ task }) => task === event.task)?.attempt ?? 1
    const attempt = this.#attemptOf({
      task: event.task,
      attempt: event.type === 'task-started' ? event.attempt : latest,
    })
    attempt.events++
    if (event.type === 'task-started') attempt.host = event.host
    else if (event.type === 'output') attempt.last = [...attempt.last, event.text].slice(-QUOTED)
    else attempt.ended = event
  }

  #attemptOf({ task, attempt }: TaskKey): ToldAttempt {
    const name = `${task} ${attempt}`
    const known = this.#attempts.get(name)
    if (known !== undefined) return known
    const fresh: ToldAttempt = {
      task,
      attempt,
      host: undefined,
      events: 0,
      last: [],
      ended: undefined,
    }
    this.#attempts.set(name, fresh)
    return fresh
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }
}

export interface TaskKey {
  task: string
  attempt: number
}

function whereOf({ host }: ToldAttempt): string {
  return host === undefined ? '' : ` on ${host}`
}

function quoted(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ` It said at its end: ${lines.join(' / ').slice(-500)}`
}
