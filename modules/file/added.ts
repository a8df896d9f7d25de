import { source, sourceFiles, text, texts } from '../../core/module/args.ts'
import { fetchVerified } from '../../core/module/source_hash.ts'
import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

/** Where text that is put into a file may come from besides `text` or `content`. */
export function addedSources() {
  return {
    source: source('A file whose content is to be in there.').optional(),
    source_hash: text(
      'The digest that the source must have: `sha256=<hex>`, or where a file of digests lies.',
    ).optional(),
    sources: sourceFiles('Several files in place of `source`, one after the other.').optional(),
    source_hashes: texts('Their digests, in the same order.').optional(),
  }
}

interface Sources {
  source?: string | undefined
  source_hash?: string | undefined
  sources?: string[] | undefined
  source_hashes?: string[] | undefined
}

/** What file.append and file.prepend are to add: `text`, or the content of `source` or `sources`. */
export async function textsToAdd(view: View, want: Sources & { text?: string[] | undefined }): Promise<string[]> {
  const found = await textsOf(view, want, 'text', want.text)
  if (found !== undefined) return found
  throw new UserError('no-contents', 'There is nothing to add.', { hint: 'Give `text`, `source` or `sources`.' })
}

/** The texts that are given, or those of the sources; nothing when neither is. Throws when both are. */
export async function textsOf(
  view: View,
  want: Sources,
  named: string,
  given: string[] | undefined,
): Promise<string[] | undefined> {
  const ways = Object.entries({ [named]: given, source: want.source, sources: want.sources }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  )
  if (ways.length > 1) {
    throw new UserError('two-contents', `${ways.join(' and ')} both say what to add.`, {
      hint: 'Give only one of them.',
    })
  }
  if (given !== undefined) return given
  const sources = want.sources ?? (want.source === undefined ? undefined : [want.source])
  if (sources === undefined) return undefined
  const hashes = want.source_hashes ?? (want.source_hash === undefined ? [] : [want.source_hash])
  if (hashes.length > 0 && hashes.length !== sources.length) {
    throw new UserError('bad-source-hash', `There are ${sources.length} sources and ${hashes.length} digests.`, {
      hint: 'Give as many source_hashes as sources, in the same order.',
    })
  }
  const found: string[] = []
  for (const [index, from] of sources.entries()) {
    const hash = { source_hash: hashes[index], skip_verify: false }
    found.push(new TextDecoder().decode(await fetchVerified(view, from, hash)))
  }
  return found
}
