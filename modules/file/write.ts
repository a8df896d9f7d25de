import { change, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { diffOf } from '../../core/text/diff.ts'
import type { Attributes } from './attributes.ts'
import { madeBy } from './made.ts'

export const DIFF_REPORTS = { diff: 'What is different in the text, or `New file`.' }

export interface Writing {
  path: string
  content: Uint8Array
  /** What lies there now; nothing for a new file. */
  has?: Uint8Array | undefined
  /** For a new file. */
  attributes?: Attributes
  backup?: string | undefined
  showChanges?: boolean
  comment?: string
}

/** Writes a file as a whole: a new one with its owner and mode, an old one with those it has. */
export function writeChange(writing: Writing): Change {
  const { path, content, has, attributes = {} } = writing
  const shows = has === undefined ? 'New file' : shownDiff(writing, has)
  return change('diff', shows, madeBy(path), async (host) => {
    if (has !== undefined && writing.backup !== undefined) await keepOld(host, path, has, writing.backup)
    await host.write(path, content, attributes)
    const changes = has === undefined ? { diff: shows, ...given(attributes) } : { diff: shows }
    return { changes, comment: writing.comment ?? `File ${path} updated` }
  })
}

function shownDiff(writing: Writing, has: Uint8Array): string {
  return writing.showChanges === false ? '<show_changes=False>' : diffOf(has, writing.content)
}

/** `backup: minion`, Salt's word, and `backup: .bak` keep the old content beside the file. */
async function keepOld(host: Host, path: string, old: Uint8Array, backup: string): Promise<void> {
  const kept = `${path}${backup.startsWith('.') ? backup : '.bak'}`
  const stat = await host.stat(path)
  await host.write(kept, old, { mode: stat?.mode })
}

function given(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
