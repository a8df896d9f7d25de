import { setTimeout as wait } from 'node:timers/promises'
import { UserError, userErrorsOf } from '../../../core/errors.ts'
import type { Tracker } from '../../api/tracker.ts'
import { timeOf } from '../../api/tracker.ts'
import type { RunEvent } from '../../model/event.ts'
import type { LaunchedRun, Run } from '../../model/records.ts'
import { isFinal, type RunError } from '../../model/status.ts'
import { endAttemptsOf } from '../../store/attempts.ts'
import { ensureAirflowEngine, renewLease } from '../../store/engines.ts'
import { getRun, listRuns } from '../../store/runs.ts'
import { setCompleted, setError, setInProgress, unlessTaken } from '../../store/transitions.ts'
import { runFolders } from '../task/folders.ts'
import type { Verdict } from '../../serve/contract.ts'
import type { AirflowApi, DagRunState } from './api.ts'
import { dagOf, dagRunOf, RUN_PREFIX, WRITTEN_BY_HAND } from './dag.ts'
import { itemsIn, tasksOf } from './items.ts'
import { failureOf, skippedIn, storyOf } from './judge.ts'
import { Told, type TaskKey } from './told.ts'
import type { Tokens } from './tokens.ts'

/** How often the database and Airflow are looked at, in milliseconds. */
const LOOK = 1000

/** How long Airflow may take to find the DAG of a workflow, in milliseconds: it reads its files every few seconds. */
const UNTIL_KNOWN = 120_000

/** A run that was handed to Airflow, or is being offered to it. */
interface Handed {
  /** As it was last read. */
  run: Run
  /** When it was first offered, by `performance.now()`. */
  offered: number
  triggered: boolean
  told: Told
}

interface Options {
  host: string
  api: AirflowApi
  tokens: Tokens
  /** Says what an operator should know. */
  say(line: string): void
}

/**
 * Hands runs to Airflow and follows them to their ends. What Airflow does not know of a run, its tasks tell: see `report`.
 * Every change in the database is made only while the run is this engine's, on this attempt.
 */
export class AirflowEngine {
  readonly id: string
  readonly #tracker: Tracker
  readonly #options: Options
  readonly #handed = new Map<string, Promise<Handed>>()

  private constructor(tracker: Tracker, id: string, options: Options) {
    this.#tracker = tracker
    this.id = id
    this.#options = options
  }

  static async open(tracker: Tracker, options: Options): Promise<AirflowEngine> {
    const now = await timeOf(tracker.database)
    const id = await ensureAirflowEngine(tracker.database.queries, options.host, process.pid, now)
    return new AirflowEngine(tracker, id, options)
  }

  /** Works until it is stopped. Its runs go on in Airflow meanwhile; the next start finds them again. */
  async work(stop: AbortSignal): Promise<void> {
    const beating = this.#repeat(stop, async () => {
      await renewLease(this.#tracker.database.queries, this.id, await timeOf(this.#tracker.database))
    })
    const looking = this.#repeat(stop, () => this.#round())
    await Promise.all([beating, looking])
  }

  /** What a machine must know to do a task of the run; nothing when it is not this engine's to do any more. */
  async runToDo(id: number, attempt: number): Promise<LaunchedRun | undefined> {
    const run = await getRun(this.#tracker.database.queries, id)
    return this.#refusal(run, attempt) === undefined ? run : undefined
  }

  /** Takes the events of a task; says whether it is to go on. */
  async report(
    id: number,
    runAttempt: number,
    of: TaskKey,
    from: number,
    events: readonly RunEvent[],
  ): Promise<Verdict> {
    const { queries } = this.#tracker.database
    // Without what it was launched with, which may be large: this is asked for each report.
    const [run] = await listRuns(queries, { ids: [id] })
    const cause = run === undefined ? `There is no analysis run ${id}.` : this.#refusal(run, runAttempt)
    if (run === undefined || cause !== undefined) return { go: false, cause: cause ?? '' }
    const handed = await this.#handedOf(run)
    handed.triggered = true
    await this.#begin(handed)
    await handed.told.take(queries, of, from, events, await timeOf(this.#tracker.database))
    return { go: true }
  }

  #refusal(run: Run, attempt: number): string | undefined {
    if (run.attempt !== attempt) return `Analysis run ${run.id} is on attempt ${run.attempt} by now.`
    if (isFinal(run.status)) return `Analysis run ${run.id} is ${run.status}: ${run.error?.cause ?? 'it has ended'}`
    if (run.engineId !== this.id) return `Analysis run ${run.id} is done by another engine.`
    if (run.cancelledBy !== null) return `Analysis run ${run.id} was cancelled by ${run.cancelledBy}.`
    return undefined
  }

  /** Goes on after what may pass: a database or an Airflow that is away. What keeps it from its work is said once. */
  async #repeat(stop: AbortSignal, round: () => Promise<void>): Promise<void> {
    let trouble = ''
    while (!stop.aborted) {
      const now = await round().then(
        () => '',
        (error: unknown) => this.#told(error),
      )
      if (now !== '' && now !== trouble) this.#options.say(`${now} Going on.`)
      trouble = now
      await wait(LOOK, undefined, { signal: stop }).catch(() => {})
    }
  }

  #told(error: unknown): string {
    const known = this.#tracker.database.explain(error) ?? error
    if (known instanceof UserError) return known.message
    return known instanceof Error ? (known.stack ?? known.message) : String(known)
  }

  async #round(): Promise<void> {
    const { queries } = this.#tracker.database
    const own = (
      await Promise.all([
        listRuns(queries, { engineId: this.id, status: 'scheduled' }),
        listRuns(queries, { engineId: this.id, status: 'in-progress' }),
      ])
    ).flat()
    await this.#forget(own)
    if (own.length === 0) return
    const going = await this.#options.api.goingOn(RUN_PREFIX)
    for (const run of own) await this.#look(run, going).catch((error: unknown) => this.#giveUp(run, error))
  }

  /** One run that Airflow does not take, or that can't be planned, does not stop the others. */
  async #giveUp(run: Run, error: unknown): Promise<void> {
    const errors = userErrorsOf(error)
    const isAway = errors?.some(({ code }) => code === 'airflow-away') === true
    if (errors === undefined || isAway || this.#tracker.database.explain(error) !== undefined) throw error
    const cause = errors.map(({ message }) => message).join(' ')
    await this.#end(await this.#handedOf(run), { kind: 'not-started', cause })
  }

  /** Ends in Airflow what has been ended here by somebody else. */
  async #forget(own: readonly Run[]): Promise<void> {
    const names = new Set(own.map(dagRunOf))
    for (const [name, opened] of this.#handed) {
      if (names.has(name)) continue
      const { run, triggered, told } = await opened
      if (triggered) await this.#options.api.fail(dagOf(run.workflow), name)
      this.#handed.delete(name)
      const { error } = await getRun(this.#tracker.database.queries, run.id)
      await told.close(error === null ? undefined : ended(error, 0))
    }
  }

  #handedOf(run: Run): Promise<Handed> {
    const name = dagRunOf(run)
    const known = this.#handed.get(name)
    if (known !== undefined) return known.then((handed) => Object.assign(handed, { run }))
    const { log } = runFolders(this.#tracker.config.workdir, run.id, run.attempt)
    const offered = performance.now()
    const opened = Told.open(run, log).then((told) => ({ run, offered, triggered: false, told }))
    this.#handed.set(name, opened)
    opened.catch(() => this.#handed.delete(name))
    return opened
  }

  async #look(run: Run, going: ReadonlyMap<string, DagRunState>): Promise<void> {
    const handed = await this.#handedOf(run)
    const name = dagRunOf(run)
    const dag = dagOf(run.workflow)
    if (run.cancelledBy !== null) {
      await this.#options.api.fail(dag, name)
      await this.#end(handed, { kind: 'cancelled', cause: `It was cancelled by ${run.cancelledBy}.` })
      return
    }
    const seen = going.get(name)
    if (seen === undefined && run.status === 'scheduled' && !handed.triggered) return this.#offer(handed)
    handed.triggered = true
    const state = seen ?? (await this.#options.api.stateOf(dag, name))
    if (state === 'running') await this.#begin(handed)
    else if (state === 'success') await this.#succeed(handed)
    else if (state === 'failed') await this.#fail(handed)
    else if (state === undefined) {
      await this.#end(handed, { kind: 'engine-stopped', cause: `Airflow has no run '${name}' of '${dag}' any more.` })
    }
  }

  async #offer(handed: Handed): Promise<void> {
    const { run } = handed
    const { api, tokens } = this.#options
    const dag = dagOf(run.workflow)
    const { effective } = await getRun(this.#tracker.database.queries, run.id)
    // What a DAG that was written by hand needs too is its configuration.
    const conf = { config: effective, butler: { run: run.id, attempt: run.attempt, token: tokens.of(run) } }
    const items = itemsIn(await tasksOf(this.#tracker.config.kept, run, effective))
    if (await api.trigger(dag, dagRunOf(run), { ...conf, butler: { ...conf.butler, items } })) {
      handed.triggered = true
      return
    }
    if (performance.now() - handed.offered < UNTIL_KNOWN) return
    const wrong = await api.importErrors()
    const why = wrong.length === 0 ? '' : ` These of its files can't be read: ${wrong.join('; ')}.`
    await this.#end(handed, { kind: 'not-started', cause: `Airflow knows no DAG '${dag}'.${why}` })
  }

  async #begin({ run, told }: Handed): Promise<void> {
    const { database } = this.#tracker
    if (run.status === 'scheduled') {
      const now = await timeOf(database)
      await unlessTaken(() => setInProgress(database.queries, run.id, now, this.#ownerOf(run)))
    }
    told.begin()
  }

  async #succeed(handed: Handed): Promise<void> {
    await this.#begin(handed)
    await this.#tellStory(handed)
    const { run, told } = handed
    const { effective } = await getRun(this.#tracker.database.queries, run.id)
    const { planned } = await tasksOf(this.#tracker.config.kept, run, effective)
    const undone = planned.find(({ id }) => !told.hasCompleted(id))
    await this.#end(handed, undone && untold(undone.id))
  }

  async #fail(handed: Handed): Promise<void> {
    await this.#begin(handed)
    await this.#tellStory(handed)
    const { run, told } = handed
    const tasks = await this.#options.api.tasksOf(dagOf(run.workflow), dagRunOf(run))
    await told.add(skippedIn(tasks))
    await this.#end(handed, told.failure() ?? failureOf(tasks, (task) => told.lastOf(task)))
  }

  /** The tasks of a DAG that was written by hand know nothing of the tracker: what they did is told after them. */
  async #tellStory({ run, told }: Handed): Promise<void> {
    if (run.workflow.digest === WRITTEN_BY_HAND) {
      await told.add(await storyOf(this.#options.api, dagOf(run.workflow), dagRunOf(run)))
    }
  }

  async #end(handed: Handed, error: RunError | undefined): Promise<void> {
    const { run, told } = handed
    const { database } = this.#tracker
    const now = await timeOf(database)
    const owner = this.#ownerOf(run)
    await unlessTaken(() =>
      error === undefined
        ? setCompleted(database.queries, run.id, now, owner)
        : setError(database.queries, run.id, error, now, owner),
    )
    await endAttemptsOf(database.queries, run, 'It never told of its end.', now)
    this.#handed.delete(dagRunOf(run))
    const ms = run.started === null ? 0 : Math.max(0, Date.parse(now) - Date.parse(run.started))
    await told.close(ended(error, ms))
  }

  #ownerOf({ attempt }: Run) {
    return { engineId: this.id, attempt }
  }
}

function ended(error: RunError | undefined, ms: number): RunEvent {
  if (error === undefined) return { type: 'run-ended', status: 'completed', ms }
  return { type: 'run-ended', status: 'error', kind: error.kind, cause: error.cause, ms }
}

/** Somebody may have marked it so by hand; that its task was done, only the task can say. */
function untold(task: string): RunError {
  return { kind: 'task-failed', cause: `Airflow says that it succeeded, but task '${task}' never told of that.` }
}
