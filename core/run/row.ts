import type { LowChunk } from '../compile/low.ts'
import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import type { SecretValues } from '../secret.ts'
import { redact, redactData, secretNames } from '../secret.ts'
import { withoutDiffs } from './carry-out.ts'
import type { Performed } from './perform.ts'
import type { ChunkResult } from './result.ts'

interface Timing {
  started: Date
  /** In milliseconds. */
  duration: number
}

/** The row of the results for a chunk: nothing in it tells a secret. */
export function rowOf(
  chunk: LowChunk,
  performed: Omit<Performed, 'stack'>,
  place: { order: number; listener: boolean },
  { started, duration }: Timing,
  secrets: SecretValues,
): ChunkResult {
  const hide = (text: string): string => redact(text, secrets)
  const { after, attempts } = performed
  return {
    id: place.listener ? `listener_${chunk.id}` : chunk.id,
    function: place.listener ? `${chunk.function.split('.')[0]}.mod_watch` : chunk.function,
    name: hide(chunk.name),
    sls: chunk.sls,
    order: place.order,
    result: performed.result,
    ran: performed.ran,
    skipped: performed.skipped,
    why: performed.why.map(hide).join('; '),
    mod_watch: performed.modWatch && !place.listener,
    listener: place.listener,
    changes: shownChanges(chunk, performed.changes, secrets),
    comment: chunk.options.no_log && performed.result !== false ? 'not shown (no_log)' : hide(performed.comment),
    started: started.toISOString(),
    duration_ms: Math.round(duration * 1000) / 1000,
    ...(after === undefined ? {} : { after: [...new Set(after)] }),
    ...(attempts === undefined ? {} : { attempts }),
  }
}

function shownChanges(chunk: LowChunk, changes: DataMap, secrets: SecretValues): DataMap {
  if (chunk.options.no_log) return Object.fromEntries(Object.keys(changes).map((key) => [key, 'not shown (no_log)']))
  const shown = redactData(changes, secrets)
  if (!isMap(shown)) throw new Error('Redacted changes are changes.')
  return secretNames(chunk.args).size === 0 ? shown : withoutDiffs(shown)
}
