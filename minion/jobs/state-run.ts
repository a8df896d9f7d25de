import type { LowState } from '../../core/compile/low.ts'
import { run } from '../../core/run/run.ts'
import type { RunEvent } from '../../core/run/event.ts'
import type { ChunkResult } from '../../core/run/result.ts'
import { summarize } from '../../core/run/result.ts'
import { Secret } from '../../core/secret.ts'
import { catalog } from '../../modules/catalog.ts'
import { createMachine } from '../host/machine.ts'
import { masterAuthority } from './authority.ts'
import { masterFiles } from './files.ts'
import type { StateOrder } from './order.ts'
import { orStopped, type Stop } from './stop.ts'

type Ended = RunEvent & { type: 'ended' }

/** Applies (or plans) a low state on this machine; tells everything by `emit`, except the end, which is the answer. */
export async function runState(order: StateOrder, emit: (event: RunEvent) => void, stop: Stop): Promise<Ended> {
  const files = masterFiles(order.home)
  const low = 'inline' in order.low ? order.low.inline : await fetchLow(order.low.digest, files)
  const machine = createMachine({
    grains: order.grains,
    pillar: order.pillar,
    refs: low.files,
    files,
    authority: masterAuthority(order.home),
    confine: order.home.confine,
  })
  const secrets = new Map(Object.entries(order.secrets).map(([name, value]) => [name, new Secret(value)]))
  const done: ChunkResult[] = []
  const running = run({
    low,
    catalog,
    machine,
    secrets,
    test: order.test,
    signal: stop.signal,
    emit: (event) => {
      if (event.type === 'chunk-ended') done.push(event.result)
      emit(event)
    },
  })
  const finished = await orStopped(running, stop)
  return endOf(finished?.results ?? done, low.chunks.length, stop)
}

function endOf(results: readonly ChunkResult[], chunks: number, stop: Stop): Ended {
  const summary = summarize(results)
  if (stop.reason !== undefined) {
    const { outcome, cause } = stop.reason
    return { type: 'ended', outcome, cause: `${cause} ${results.length} of ${chunks} states were done.`, summary }
  }
  const failed = results.filter((result) => result.result === false)
  if (failed.length === 0) return { type: 'ended', outcome: 'succeeded', cause: '', summary }
  return { type: 'ended', outcome: 'failed', cause: causeOf(failed, chunks), summary }
}

/** Those that failed themselves say more than those that waited for them. */
function causeOf(failed: readonly ChunkResult[], chunks: number): string {
  const own = failed.filter((result) => result.skipped === null)
  const [first] = own.length > 0 ? own : failed
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more of ${chunks})` : ''
  return `${first?.function} '${first?.id}' failed${more}: ${first?.comment}`
}

async function fetchLow(digest: string, files: ReturnType<typeof masterFiles>): Promise<LowState> {
  // The master made it, and the digest came over our own connection to it.
  return JSON.parse(Buffer.from(await files.fetch(digest)).toString('utf8')) as LowState
}
