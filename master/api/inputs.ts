import { z } from 'zod'
import { isMap, type DataMap } from '../../core/data.ts'
import { TARGET_KINDS } from '../../core/target/target.ts'
import type { Operations, Streams } from './contract.ts'

// What the master is asked, checked before anybody answers it. A key that is not known is an error: the operator's
// programs and the master are of one release.

const nothing = z.strictObject({})
const id = z.strictObject({ id: z.string() })
const jid = z.strictObject({ jid: z.string() })
const name = z.strictObject({ name: z.string() })
const target = z.strictObject({ kind: z.enum(TARGET_KINDS), expression: z.string() })
const data = z.custom<DataMap>(isMap, 'must be a map')
const duration = z.number().positive()
const deadlines = { deliveryMs: duration.exactOptional(), runMs: duration.exactOptional() }

export const inputs: { [Name in keyof Operations]: z.ZodType<Operations[Name]['input']> } = {
  minions: nothing,
  match: z.strictObject({ target }),
  apply: z.strictObject({
    target,
    states: z.array(z.string()),
    test: z.boolean(),
    pillar: data.exactOptional(),
    keepGoing: z.boolean().exactOptional(),
    ...deadlines,
  }),
  run: z.strictObject({ target, function: z.string(), words: z.array(z.string()), ...deadlines }),
  orchestrate: z.strictObject({ name: z.string(), test: z.boolean(), pillar: data.exactOptional() }),
  'jobs.list': z.strictObject({ limit: z.int().min(1).max(10_000) }),
  'jobs.show': jid,
  'jobs.times': jid,
  'jobs.cancel': jid,
  'keys.list': nothing,
  'keys.accept': z.strictObject({ id: z.string(), fingerprint: z.string().min(8).exactOptional() }),
  'keys.revoke': id,
  'keys.delete': id,
  'tokens.create': z.strictObject({
    ids: z.array(z.string().min(1)),
    roles: z.array(z.string().min(1)),
    uses: z.int().min(1),
    expiresMs: duration,
  }),
  'tokens.list': nothing,
  'tokens.revoke': name,
  'sources.list': nothing,
  'sources.update': nothing,
  'mine.update': z.strictObject({ target }),
  'secrets.list': nothing,
  'secrets.set': z.strictObject({ name: z.string(), value: z.string() }),
  'secrets.delete': name,
  'plans.save': z.strictObject({ jid: z.string(), states: z.array(z.string()), pillar: data.exactOptional() }),
  'plans.list': nothing,
  'plans.again': z.strictObject({ jid: z.string(), ...deadlines }),
  'plans.apply': z.strictObject({ jid: z.string(), again: z.string(), ...deadlines }),
  'plans.delete': jid,
  'show.pillar': id,
  'show.top': id,
  'show.lowstate': z.strictObject({ id: z.string(), states: z.array(z.string()) }),
  'show.template': z.strictObject({ id: z.string(), name: z.string() }),
  check: z.strictObject({ ids: z.array(z.string()) }),
}

export const streamInputs: { [Name in keyof Streams]: z.ZodType<Streams[Name]['input']> } = {
  'jobs.watch': z.strictObject({ jid: z.string(), after: z.int().nonnegative().exactOptional() }),
}
