import { createHash } from 'node:crypto'
import { UserError } from '../../core/errors.ts'
import type { LowChunk } from '../../core/compile/low.ts'
import type { FunctionWork, StateWork } from '../../core/protocol/messages.ts'
import { MAX_FRAME } from '../../core/protocol/messages.ts'
import type { StoredWork } from './jobs.ts'

/** A larger low state is fetched by its digest instead of going along with the job. In bytes of JSON. */
const MAX_INLINE = MAX_FRAME / 2
/** What the rest of a job's message may take: pillar and arguments. */
const MAX_REST = MAX_FRAME / 4

/** What the master must know of a piece of work while it is open. */
export interface WorkDigests {
  /** Of the low state, when it is too large to go along. */
  low: string | undefined
  /** Of the files that the low state names. */
  files: ReadonlySet<string>
  /** The names that the low state has certified, each list joined by commas. */
  certified: ReadonlySet<string>
}

export function digestsOf(work: StoredWork): WorkDigests {
  if (work.kind === 'function') return { low: undefined, files: new Set(), certified: new Set() }
  const text = lowText(work)
  return {
    low: Buffer.byteLength(text) > MAX_INLINE ? createHash('sha256').update(text).digest('hex') : undefined,
    files: new Set(Object.values(work.low.files).map((file) => file.digest)),
    certified: new Set(work.low.chunks.flatMap(certifiedNames)),
  }
}

/** As the state that asks for a certificate has them in its arguments. */
function certifiedNames({ function: name, args }: LowChunk): string[] {
  const { subjectAltName: names } = args
  return name === 'x509.certificate_managed' && Array.isArray(names) ? [names.map(String).join(',')] : []
}

/** The work as it is sent. */
export function messageOf(work: StoredWork, digests: WorkDigests): StateWork | FunctionWork {
  if (work.kind === 'function') return work
  return { ...work, low: digests.low === undefined ? { inline: work.low } : { digest: digests.low } }
}

export function lowText(work: Exclude<StoredWork, FunctionWork>): string {
  return JSON.stringify(work.low)
}

/** Throws the `UserError` `work-too-large` for what no message could carry. */
export function checkSize(id: string, work: StoredWork): void {
  const { pillar } = work
  const bytes = Buffer.byteLength(JSON.stringify(work.kind === 'function' ? { pillar, args: work.args } : pillar))
  if (bytes <= MAX_REST) return
  throw new UserError('work-too-large', `The pillar and arguments for '${id}' are ${bytes} bytes long.`, {
    hint: `At most ${MAX_REST} go along with a job: put large values in a file of the state.`,
  })
}
