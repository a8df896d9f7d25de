import type { LowState } from '../../core/compile/low.ts'
import type { DataMap } from '../../core/data.ts'
import type { RunEvent } from '../../core/run/event.ts'
import type { Ran } from '../../core/run/options.ts'
import { run } from '../../core/run/run.ts'
import { Secret, secretMarker } from '../../core/secret.ts'
import type { Caller, Operations, Submitted } from '../api/contract.ts'
import { lookUpMine } from '../../core/desired/minion.ts'
import type { RunDeps } from '../desired/run.ts'
import type { OwnJob } from '../jobs/jobs.ts'
import { actingSteps } from './acting.ts'
import { fleetCatalog } from './catalog.ts'
import { checkSteps, compileOrchestration } from './check.ts'
import { FleetWork, type Course } from './fleet-work.ts'
import { foreseeingSteps } from './foreseeing.ts'
import { inertMachine } from './inert.ts'

export interface OrchestrateDeps extends RunDeps {
  /** A bug met on the way: nobody waits for it. */
  bug: (error: unknown) => void
}

/** An orchestration is a state run whose machine is the fleet: the same compiler, runner and events. */
export class Orchestrator {
  readonly #deps: OrchestrateDeps
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<void>>()

  constructor(deps: OrchestrateDeps) {
    this.#deps = deps
  }

  /** Stops where it is. The next master says at which step each one was interrupted; what was sent goes on. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#running)
  }

  /** Compiles and checks every step, then begins. Throws `UserErrors` before anything is touched. */
  async start(input: Operations['orchestrate']['input'], { name: by }: Caller): Promise<Submitted> {
    const { known, jobs } = this.#deps
    const { name, test, pillar = {} } = input
    const snapshot = this.#deps.current()
    const low = compileOrchestration(snapshot, name, pillar, (expression, alias) =>
      lookUpMine(snapshot, known, { kind: 'compound', expression }, alias),
    )
    const closing = this.#closing.signal
    const before: Course = { jid: '', snapshot, pillar, cancelled: closing, closing, note: () => {} }
    await checkSteps(low, new FleetWork(this.#deps, before))
    const job = await jobs.record({ title: `orchestrate ${name}`, by, test, snapshot: snapshot.id })
    const note = (text: string): void => job.emit({ type: 'note', level: 'info', text })
    const work = new FleetWork(this.#deps, { ...before, jid: job.jid, cancelled: job.cancelled, note })
    const running = this.#run({ low, test, pillar, job, work }).finally(() => this.#running.delete(running))
    this.#running.add(running)
    return {
      jid: job.jid,
      targets: ['master'],
      warnings: low.warnings.map(({ message: text }) => ({ target: name, text })),
    }
  }

  async #run({ low, test, pillar, job, work }: Under): Promise<void> {
    // The next master finds it open and ends it, with the step that it was at.
    const emit = (event: RunEvent): void => void (this.#closing.signal.aborted || job.emit(event))
    try {
      const ran = await run({
        low,
        catalog: fleetCatalog(test ? foreseeingSteps(work) : actingSteps(work)),
        machine: inertMachine(pillar),
        // Minions get references, as in every job: here a secret stands for itself.
        secrets: new Map(low.secrets.map((name) => [name, new Secret(secretMarker(name))])),
        test,
        emit,
        signal: work.signal,
      })
      emit(endOf(ran, low.chunks.length, job.cancelled.aborted))
    } catch (thrown) {
      this.#deps.bug(thrown)
      emit({ type: 'ended', outcome: 'failed', cause: `a bug in Butler: ${String(thrown)}` })
    }
  }
}

interface Under {
  low: LowState
  test: boolean
  pillar: DataMap
  job: OwnJob
  work: FleetWork
}

function endOf({ results, summary }: Ran, steps: number, cancelled: boolean): RunEvent {
  if (cancelled) {
    return { type: 'ended', outcome: 'cancelled', cause: `${results.length} of ${steps} steps were done`, summary }
  }
  const failed = results.filter(({ result }) => result === false)
  if (failed.length === 0) return { type: 'ended', outcome: 'succeeded', cause: '', summary }
  const [first] = failed.filter(({ skipped }) => skipped === null)
  const cause = `the step '${first?.id ?? failed[0]?.id}' failed: ${first?.comment ?? ''}`
  return { type: 'ended', outcome: 'failed', cause, summary }
}
