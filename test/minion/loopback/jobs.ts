import type { LowChunk, LowState } from '../../../core/compile/low.ts'
import type { DataMap } from '../../../core/data.ts'
import type { JobMessage } from '../../../core/protocol/messages.ts'
import { checkArgs } from '../../../core/compile/arguments.ts'
import { catalog } from '../../../modules/catalog.ts'
import { formatJid } from '../../../core/run/jid.ts'

let last = BigInt(Date.now()) * 1000n

export function newJid(): string {
  return formatJid(++last)
}

/** A low state of shell commands, in order. */
export function commands(...lines: string[]): LowState {
  const chunks = lines.map((name, order): LowChunk => ({
    id: `step ${order + 1}`,
    function: 'cmd.run',
    name,
    sls: 'test',
    args: { name },
    requisites: [],
    guards: {},
    options: {},
    at: { file: 'test.yaml', line: order + 1 },
  }))
  return { schema: 'butler.low/1', chunks, files: {}, secrets: [], warnings: [], sls: ['test'] }
}

/** A low state of one `file.managed`, its defaults filled in as the compiler does. */
export function managed(name: string, args: DataMap): LowState {
  const low = commands(name)
  const schema = catalog.states.get('file.managed')?.args
  if (schema === undefined) throw new Error('there is no file.managed')
  const checked = checkArgs(schema, { name, ...args }, { what: 'file.managed' })
  return { ...low, chunks: low.chunks.map((chunk) => ({ ...chunk, function: 'file.managed', args: checked })) }
}

export function stateJob(low: LowState, options: Partial<JobMessage> & { test?: boolean } = {}): JobMessage {
  const { test = false, ...rest } = options
  const work = { kind: 'state' as const, test, snapshot: 'snapshot', low: { inline: low }, pillar: {} }
  return { jid: newJid(), work, secrets: {}, runMs: 600_000, ...rest }
}

export function functionJob(name: string, args: DataMap = {}, options: Partial<JobMessage> = {}): JobMessage {
  const work = { kind: 'function' as const, function: name, args, pillar: {} }
  return { jid: newJid(), work, secrets: {}, runMs: 600_000, ...options }
}
