import { z } from 'zod'
import type { ExpectedChunk } from './case.ts'

/** The part of `butler.run/1` that the cases speak of. */
const report = z.object({
  schema: z.literal('butler.run/1'),
  ok: z.boolean(),
  targets: z.object({
    local: z.object({
      results: z.array(
        z.object({
          id: z.string(),
          function: z.string(),
          name: z.string(),
          result: z.boolean().nullable(),
          changes: z.record(z.string(), z.unknown()),
          ran: z.boolean(),
          skipped: z.string().nullable(),
          mod_watch: z.boolean(),
          listener: z.boolean(),
        }),
      ),
    }),
  }),
})

/** Our results in the words of the cases. */
export function chunksOf(data: unknown): { ok: boolean; chunks: ExpectedChunk[] } {
  const { ok, targets } = report.parse(data)
  const chunks = targets.local.results.map((result): ExpectedChunk => {
    const { id, function: name, ran, skipped } = result
    return {
      id,
      function: name,
      name: result.name,
      result: result.result,
      changes: Object.keys(result.changes).length > 0,
      ran,
      ...(skipped === null ? {} : { skipped_by: skipped }),
      ...(result.mod_watch ? { mod_watch: true } : {}),
      ...(result.listener ? { listener: true } : {}),
    }
  })
  return { ok, chunks }
}

/** Whether a plan has changes to show depends on how much of it can be known: not compared for files and commands. */
export function comparable(chunks: readonly ExpectedChunk[], test: boolean): Partial<ExpectedChunk>[] {
  return chunks.map((chunk) => {
    if (!test || !/^(?:file|cmd)\./u.test(chunk.function)) return chunk
    const { changes: _, ...rest } = chunk
    return rest
  })
}
