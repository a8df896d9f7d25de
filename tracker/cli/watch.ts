import { createInterface } from 'node:readline'
import type { Io } from '../../core/cli/io.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { followRuns } from '../api/follow.ts'
import { endRunsOfDead } from '../api/sweep.ts'
import type { Tracker } from '../api/tracker.ts'
import { parseLine } from '../engines/log/read.ts'
import { type EngineProcess, startEngine } from '../engines/local/start.ts'
import type { LoggedRunEvent } from '../model/event.ts'
import { Narrator } from '../model/narrate.ts'
import { listRuns } from '../store/runs.ts'
import { JSON_SCHEMA } from './flags.ts'
import { runShape } from './shapes.ts'

/** Runs that were scheduled for an engine; one of this machine has not been started yet. */
export interface Scheduled {
  engineId: string
  runIds: readonly number[]
}

/**
 * Starts the engine, if it is one of this machine, and shows what its runs do until all have ended, then a summary. Ctrl-C
 * ends the watching, not the runs. Succeeds only when every run has completed.
 */
export async function startAndWatch(
  tracker: Tracker,
  io: Io,
  scheduled: Scheduled,
  detach: boolean,
): Promise<ExitCode> {
  const watched = await begin(tracker, scheduled)
  if (detach) {
    watched.release()
    io.print(comeBack(scheduled.runIds))
    io.data({ schema: JSON_SCHEMA, ok: true, detached: true, analysis_run_ids: scheduled.runIds })
    return EXIT.ok
  }
  if (!(await watched.watch(io, io.interrupted))) {
    watched.release()
    io.note(`\nDetached; what was launched goes on.\n${comeBack(scheduled.runIds)}`)
    io.data({ schema: JSON_SCHEMA, ok: false, detached: true, analysis_run_ids: scheduled.runIds })
    return EXIT.failed
  }
  return summarize(tracker, io, scheduled.runIds)
}

/** Starts the engine, if it is one of this machine. */
export function begin(tracker: Tracker, scheduled: Scheduled): Promise<Watched> {
  return tracker.config.engine.kind === 'local'
    ? started(tracker, scheduled)
    : Promise.resolve(handedOver(tracker, scheduled))
}

/** Runs that an engine works off. */
export interface Watched {
  /** Shows what they do until all have ended; false when it was stopped before. */
  watch(io: Io, stop: AbortSignal): Promise<boolean>
  /** Lets them go on alone: this program may end. */
  release(): void
}

async function started(tracker: Tracker, { engineId }: Scheduled): Promise<Watched> {
  const engine = await startEngine(tracker, engineId).catch(async (error: unknown) => {
    await endRunsOfDead(tracker, engineId)
    throw error
  })
  return {
    async watch(io, stop) {
      const ended = await watchProcess(engine, io, stop)
      // A living engine has ended all its runs before it ends itself.
      if (ended) await endRunsOfDead(tracker, engineId)
      return ended
    },
    release: () => engine.release(),
  }
}

function handedOver(tracker: Tracker, { runIds }: Scheduled): Watched {
  return {
    watch: (io, stop) => followRuns(tracker, runIds, stop, showing(io)),
    release: () => {},
  }
}

async function watchProcess(engine: EngineProcess, io: Io, stop: AbortSignal): Promise<boolean> {
  const show = showing(io)
  const lines = createInterface({ input: engine.events })
  lines.on('line', (line) => {
    const event = parseLine(line)
    if (event !== undefined) show(event)
  })
  const { promise, resolve } = Promise.withResolvers<boolean>()
  lines.on('close', () => resolve(true))
  stop.addEventListener('abort', () => resolve(false), { once: true })
  const ended = await promise
  lines.close()
  return ended
}

function showing(io: Io): (event: LoggedRunEvent) => void {
  const narrator = new Narrator()
  return (event) => {
    for (const text of narrator.lines(event)) {
      if (io.format === 'text') io.print(text)
      else io.note(text)
    }
  }
}

/** Tells how many have completed and what the others said; succeeds when all have. */
export async function summarize(tracker: Tracker, io: Io, runIds: readonly number[]): Promise<ExitCode> {
  const runs = await listRuns(tracker.database.queries, { ids: runIds })
  const failed = runs.filter((run) => run.status !== 'completed')
  const ok = failed.length === 0
  io.data({ schema: JSON_SCHEMA, ok, runs: runs.map(runShape) })
  const lines = [
    '',
    `${runs.length - failed.length} of ${runs.length} analysis run${runs.length === 1 ? '' : 's'} completed${ok ? '.' : ':'}`,
    ...failed.slice(0, SHOWN).map((run) => `  run ${run.id} (${run.source}): ${run.error?.cause ?? run.status}`),
  ]
  if (failed.length > SHOWN) lines.push(`  and ${failed.length - SHOWN} more: butler list-runs -s error`)
  const [first] = failed
  if (first !== undefined) {
    lines.push(`See what it said: butler run-log -r ${first.id}`, `Run it again:     butler retry-run -r ${first.id}`)
  }
  io.print(lines.join('\n'))
  return ok ? EXIT.ok : EXIT.failed
}

/** How many failed runs a summary names. */
const SHOWN = 20

function comeBack(runIds: readonly number[]): string {
  const [first] = runIds
  return `See how far it is: butler list-runs\nFollow a run:      butler run-log -r ${first} -f`
}
