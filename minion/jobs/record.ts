import { join } from 'node:path'
import type { Data } from '../../core/data.ts'
import type { RunEvent } from '../../core/run/event.ts'
import { redactData, type SecretValues } from '../../core/secret.ts'
import { Journal } from '../spool/journal.ts'
import { claim, releaseReserve } from '../spool/spool.ts'
import { processStart } from './process.ts'

/** Where a job's own process writes what happens. No secret that came along with the job gets through. */
export interface Record {
  emit: (event: RunEvent) => void
}

/**
 * Makes this process the one that runs the job. From here on the jid counts as begun, whatever happens.
 * `undefined` when another process has begun it before.
 */
export function beginRecord(folder: string, secrets: SecretValues): Record | undefined {
  const own = { pid: process.pid, began: processStart(process.pid) ?? '', at: new Date().toISOString() }
  if (!claim(folder, own)) return undefined
  const journal = new Journal(join(folder, 'events.jsonl'))
  return {
    emit: (event) => {
      if (event.type === 'ended') releaseReserve(folder)
      // Redacting keeps the shape: only texts inside change.
      journal.append(redactData(event as unknown as Data, secrets) as unknown as RunEvent)
    },
  }
}
