import { source, sourceFiles, text, texts } from '../../core/module/args.ts'
import { fetchVerified } from '../../core/module/source_hash.ts'
import type { Change } from '../../core/module/change.ts'
import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'
import type { Editable } from './edit.ts'
import { parentChanges } from './parents.ts'
import { writeChange } from './write.ts'

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

/** The file with its new text, and the folders above it; nothing but them when it is as it should be. */
export async function addedChanges(view: View, want: Adding, { file, text, comment }: Added): Promise<Change[]> {
  const parents = await parentChanges(view, want.name, want.makedirs, { mode: want.dir_mode })
  const content = new TextEncoder().encode(text)
  const { show_changes: showChanges } = want
  const at = file?.at ?? want.name
  return [...parents, writeChange({ path: at, content, has: file?.bytes, showChanges, comment })]
}

interface Adding {
  name: string
  makedirs: boolean
  dir_mode?: string | undefined
  show_changes: boolean
}

interface Added {
  file: Editable | undefined
  text: string
  comment: string
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
