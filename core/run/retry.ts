import type { Retry } from '../compile/low.ts'
import type { Carried } from './carry-out.ts'
import type { RunOptions } from './options.ts'

export interface Attempted extends Carried {
  /** A watch fired and the state acted on it. */
  modWatch: boolean
  /** How often it was tried; left out for once. */
  attempts?: number
}

/**
 * Tries again until the result is as wanted. The last result counts; the changes of all attempts do, since each was
 * really made.
 *
 * @param seed spreads the waiting of many machines within the splay
 */
export async function withRetries(
  retry: Retry | undefined,
  once: () => Promise<Attempted>,
  { machine, signal }: Pick<RunOptions, 'machine' | 'signal'>,
  seed: string,
): Promise<Attempted> {
  let last = await once()
  if (retry === undefined) return last
  const comments: string[] = []
  let attempts = 1
  while (last.result !== retry.until && attempts < retry.attempts && !signal.aborted) {
    comments.push(inWords(attempts, last))
    await machine.sleep((retry.interval + retry.splay * spread(`${seed} ${attempts}`)) * 1000, signal)
    const next = await once()
    last = { ...next, changes: { ...last.changes, ...next.changes } }
    attempts++
  }
  if (attempts === 1) return last
  return { ...last, attempts, comment: [...comments, last.comment].join('\n') }
}

/** Salt's words. */
function inWords(attempt: number, { result, comment }: Attempted): string {
  const shown = result === null ? 'None' : result ? 'True' : 'False'
  return `Attempt ${attempt}: Returned a result of "${shown}", with the following comment: "${comment}"`
}

/** A number from 0 to 1 that is as good as random and follows from the text. */
function spread(text: string): number {
  let hash = 2_166_136_261
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  return (hash >>> 0) / 2 ** 32
}
