import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { userErrorsOf } from '../../core/errors.ts'
import type { RunEvent } from '../../core/run/event.ts'
import { Secret } from '../../core/secret.ts'
import type { FunctionOrder, Order, StateOrder } from './order.ts'
import { beginRecord } from './record.ts'
import { watchForStop, type Stop } from './stop.ts'

/**
 * The process that does a piece of work for the agent, so that the agent stays small, and lives on whatever the work
 * does. Its order comes on standard input; half an order, from an agent that died, is none.
 */
export async function runWorker(): Promise<void> {
  const order = parseOrder((await buffer(process.stdin)).toString('utf8'))
  if (order === undefined) return
  // What it loads is the same each time: compiled once.
  enableCompileCache(join(order.home.layout.cache, 'compiled'))
  if (order.kind === 'state' || order.kind === 'function') await runJob(order)
  else process.stdout.write(JSON.stringify(await answer(order)))
}

/** Does a job to its end, and is done: nothing that its code left open may keep the process. */
async function runJob(order: StateOrder | FunctionOrder): Promise<void> {
  const secrets = new Map(Object.entries(order.secrets).map(([name, value]) => [name, new Secret(value)]))
  const record = beginRecord(order.folder, secrets)
  if (record === undefined) return
  using stop = watchForStop(order.runMs)
  record.emit(await endOf(order, record.emit, stop))
  process.exit(0)
}

async function endOf(
  order: StateOrder | FunctionOrder,
  emit: (event: RunEvent) => void,
  stop: Stop,
): Promise<RunEvent & { type: 'ended' }> {
  try {
    if (order.kind === 'state') return await (await import('./state-run.ts')).runState(order, emit, stop)
    return await (await import('./function-run.ts')).runFunction(order, emit, stop)
  } catch (thrown) {
    const errors = userErrorsOf(thrown)?.map((error) => error.toJSON())
    const bug = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    const cause = errors?.[0]?.message ?? `A bug in Butler: ${bug}`
    return { type: 'ended', outcome: 'failed', cause, errors: errors ?? [{ code: 'bug', message: cause }] }
  }
}

async function answer(order: Exclude<Order, StateOrder | FunctionOrder>): Promise<unknown> {
  if (order.kind === 'describe') return (await import('./describe.ts')).describe(order)
  if (order.kind === 'mine') return (await import('./mine.ts')).mineValues(order)
  const { makeRequest } = await import('../identity/request.ts')
  const { readIdentity } = await import('../identity/identity.ts')
  return makeRequest(order.id, readIdentity(order.home.layout).key)
}

function parseOrder(text: string): Order | undefined {
  try {
    // Written by the agent that started us; the pipe is ours alone.
    return JSON.parse(text) as Order
  } catch {
    return undefined
  }
}
