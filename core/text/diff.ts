import { structuredPatch } from 'diff'

/** Longer contents are not compared line by line: nobody reads it, and it takes long. In characters. */
const MAX_LENGTH = 400_000

/**
 * The unified diff of two contents with three lines around each change, or a sentence when one of them is no text or
 * too long. Empty when they are equal.
 */
export function diffOf(older: Uint8Array | string, newer: Uint8Array | string): string {
  const [before, after] = [textOf(older), textOf(newer)]
  if (before === undefined || after === undefined) {
    return before === after
      ? 'Binary files differ'
      : before === undefined
        ? 'Replace binary file with text file'
        : 'Replace text file with binary file'
  }
  if (before === after) return ''
  if (before.length + after.length > MAX_LENGTH) return `Replaced ${before.length} characters by ${after.length} others`
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 })
  const lines = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ])
  return ['--- ', '+++ ', ...lines, ''].join('\n')
}

function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`
  return lines === 1 ? String(start) : `${start},${lines}`
}

/** The content as text; `undefined` when it is none. */
function textOf(content: Uint8Array | string): string | undefined {
  if (typeof content === 'string') return content
  if (content.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
