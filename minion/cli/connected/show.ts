import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import type { LowState } from '../../../core/compile/low.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { printRendered } from '../../../core/desired/print-rendered.ts'
import { nestedLines } from '../../../core/run/nested.ts'
import { byId } from '../local/show.ts'
import { mapOption } from '../local/session.ts'
import type { CallRequest } from '../request.ts'
import { openDoor, type Door } from './door.ts'
import type { Context } from './state-run.ts'

type ShowRequest = CallRequest & { kind: 'show' }

/** A compile of a large state tree takes its time. In milliseconds. */
const ANSWER_MS = 310_000

/** Prints what the master would have this minion do, secrets as references; runs nothing. */
export async function show(request: ShowRequest, { layout, call }: Context): Promise<ExitCode> {
  await using door = await openDoor(layout)
  const shown = await ask(request, mapOption(call, 'pillar'), door)
  call.io.data(shown.data)
  call.io.print(() => nestedLines(shown.text, 0).join('\n'))
  return EXIT.ok
}

export async function showTemplate(
  { name }: CallRequest & { kind: 'template' },
  { layout, call }: Context,
): Promise<ExitCode> {
  await using door = await openDoor(layout)
  const question = { name, pillar: mapOption(call, 'pillar') }
  return printRendered(await door.agent.ask('template.request', question, { timeoutMs: ANSWER_MS }), call)
}

async function ask({ what, states }: ShowRequest, pillar: DataMap, { id, agent }: Door): Promise<Shown> {
  if (what === 'pillar') {
    const answer = await agent.ask('pillar.request', { pillar }, { timeoutMs: ANSWER_MS })
    return same(answer.pillar)
  }
  const { low } = await agent.ask('low.request', { states: [...states], pillar }, { timeoutMs: ANSWER_MS })
  if (what === 'top') return same({ [id]: low.sls })
  return what === 'highstate' ? same(byId(low)) : lowstate(low)
}

interface Shown {
  data: unknown
  text: Data
}

function same(data: Data): Shown {
  return { data, text: data }
}

function lowstate(low: LowState): Shown {
  const chunks = low.chunks.map((chunk, order) => ({ order, ...chunk }))
  // A low state came as JSON and is JSON.
  return { data: { ...low, chunks }, text: low.chunks as unknown as Data }
}
