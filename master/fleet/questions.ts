import { z } from 'zod'
import { isMap, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Parsers } from '../../core/protocol/channel.ts'
import type { ToMaster, ToMinion } from '../../core/protocol/messages.ts'
import { isJid } from '../../core/run/jid.ts'
import { loggedEvent } from './events.ts'

// Whatever a minion says is hostile until it was looked at here. Keys that are not known are dropped: a newer minion
// may send them.

/** It came out of JSON.parse, so it is data. */
const data = z.custom<Data>((value) => value !== undefined)
const dataMap = z.custom<DataMap>(isMap, 'must be a map')
const text = z.string().max(1000)
const jid = z.string().refine(isJid, 'must be 20 digits')
const values = z.record(z.string().max(200), data)

const heldJob = z.object({
  jid,
  lastSeq: z.int().nonnegative(),
  ended: z.boolean(),
  lost: z.boolean().exactOptional(),
})

export const questions: Required<Parsers<ToMaster>> = {
  hello: parser(
    z.object({
      version: text,
      catalog: text,
      functions: z.array(text).max(10_000),
      grains: dataMap,
      jobs: z.array(heldJob).max(10_000),
    }),
  ),
  events: parser(z.object({ jid, events: z.array(loggedEvent).max(100_000) })),
  'state.request': parser(
    z.object({ states: z.array(text).max(1000), test: z.boolean(), pillar: dataMap.exactOptional() }),
  ),
  'pillar.request': parser(z.object({ pillar: dataMap.exactOptional() })),
  'low.request': parser(z.object({ states: z.array(text).max(1000), pillar: dataMap.exactOptional() })),
  'template.request': parser(z.object({ name: text, pillar: dataMap.exactOptional() })),
  'mine.put': parser(z.object({ values })),
  'mine.get': parser(z.object({ target: z.string().max(10_000), function: text })),
  renew: parser(z.object({ request: z.string().max(20_000) })),
}

export const answers: { [Type in keyof ToMinion]: (body: Data) => ToMinion[Type]['answer'] } = {
  job: parser(z.object({ received: z.literal(true), position: z.int().nonnegative() })),
  'job.cancel': parser(z.object({ known: z.boolean() })),
  refresh: parser(z.object({ grains: dataMap.exactOptional(), mine: values })),
}

function parser<Message>(schema: z.ZodType<Message>): (body: Data) => Message {
  return (body) => {
    const read = schema.safeParse(body)
    if (read.success) return read.data
    const [issue] = read.error.issues
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`
    throw new UserError('bad-message', `The message is not what it should be${where}: ${issue?.message ?? ''}.`)
  }
}
