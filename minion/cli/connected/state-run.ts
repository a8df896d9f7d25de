import type { Io } from '../../../core/cli/io.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import type { Layout } from '../../../core/cli/layout.ts'
import { UserError } from '../../../core/errors.ts'
import type { StateRequest } from '../../../core/protocol/messages.ts'
import type { RunEvent } from '../../../core/run/event.ts'
import { formatRun, type OutputMode } from '../../../core/run/format.ts'
import type { RunReport } from '../../../core/run/result.ts'
import { JID_VARIABLE } from '../../work/kill.ts'
import { gather } from './gather.ts'
import { openDoor, type Door } from './door.ts'

export interface ConnectedOptions {
  layout: Layout
  io: Io
  mode: OutputMode
  /** How much is told along the way: with `debug` every decision of the runner. */
  level: 'debug' | 'info' | 'warning'
}

/** A run may wait for others, and take as long as the master lets it. */
const FOREVER_MS = 2 ** 31 - 1
/** A compile of a large state tree takes its time. In milliseconds. */
const COMPILE_MS = 310_000

const LEVELS = ['debug', 'info', 'warning'] as const

/**
 * `butler-call highstate`, `apply` and `plan`: the master compiles for this minion, the agent runs, and this shows it.
 * Throws the compiler's `UserErrors`; then nothing was touched.
 */
export async function runConnected(request: StateRequest, options: ConnectedOptions): Promise<ExitCode> {
  refuseNested()
  const { io } = options
  const events: RunEvent[] = []
  await using door = await openDoor(options.layout, (_, heard) => {
    for (const { event } of heard) {
      events.push(event)
      tell(event, options)
    }
  })
  const { jid } = await door.agent.ask('state.request', request, { timeoutMs: COMPILE_MS })
  const ended = await Promise.race([following(door, jid), interruption(io.interrupted)])
  if (!ended) {
    io.note(`The run goes on as job ${jid}. 'butler-minion status' shows it here; on the master:`)
    io.note(`  butler-master jobs watch ${jid}`)
    io.note(`  butler-master jobs cancel ${jid}`)
    return EXIT.failed
  }
  return show(jid, door.id, events, options)
}

function show(jid: string, id: string, events: readonly RunEvent[], { io, mode }: ConnectedOptions): ExitCode {
  const { target, test, errors } = gather(jid, events)
  const ok = target.outcome === 'succeeded'
  const report: RunReport = { schema: 'butler.run/1', ok, test, errors, targets: { [id]: target } }
  io.data(report)
  io.print(formatRun(report, { mode, color: io.color }))
  if (!ok && target.results.length === 0) io.note(`error: ${target.cause}`)
  return ok ? EXIT.ok : EXIT.failed
}

/** The run that is under way would wait for the one that waits for it. */
function refuseNested(): void {
  const jid = process.env[JID_VARIABLE]
  if (jid === undefined) return
  throw new UserError('nested-run', `A state run can't be started from within one: this is part of job ${jid}.`, {
    hint: 'Name the other state file in `include`, or let an orchestration do one after the other.',
  })
}

async function following(door: Door, jid: string): Promise<true> {
  await door.agent.ask('follow', { jid }, { timeoutMs: FOREVER_MS })
  return true
}

function interruption(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(false)
    signal.addEventListener('abort', () => resolve(false), { once: true })
  })
}

function tell(event: RunEvent, { io, level }: ConnectedOptions): void {
  if (event.type === 'queued') io.note(`Waits for another state run of this minion: place ${event.position}.`)
  if (event.type === 'chunk-started' && level === 'debug') {
    io.note(`[debug] begins: ${event.function} '${event.id}' (${event.name})`)
  }
  if (event.type === 'note' && LEVELS.indexOf(event.level) >= LEVELS.indexOf(level)) {
    io.note(`[${event.level}] ${event.text}`)
  }
}
