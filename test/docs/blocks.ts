/** A fenced block of a document. */
export interface Block {
  readonly language: string
  readonly text: string
  /** The line of the document that its fence stands in, from 1. */
  readonly line: number
}

/** A part of a document that begins with a heading of the second level. */
export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** A command line that a block shows, and what it prints. */
export interface Shown {
  readonly command: string
  readonly output: string
}

/** The sections of a document with their blocks. */
export function sectionsOf(document: string): readonly Section[] {
  const sections: { title: string; blocks: Block[] }[] = []
  const lines = document.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const language = /^```(\w*)$/u.exec(line)?.[1]
    if (line.startsWith('## ')) sections.push({ title: line.slice('## '.length), blocks: [] })
    if (language === undefined) continue
    const end = lines.indexOf('```', index + 1)
    sections.at(-1)?.blocks.push({ language, text: lines.slice(index + 1, end).join('\n'), line: index + 1 })
    index = end
  }
  return sections
}

/** The file that a block shows: its first line is a comment with the path. */
export function fileIn({ text }: Block): { path: string; text: string } | undefined {
  const path = /^# (\S+\.\w+)\n/u.exec(text)?.[1]
  return path === undefined ? undefined : { path, text: `${text.slice(text.indexOf('\n') + 1)}\n` }
}

/** The command lines of a console block: each begins with `$ `, and what it prints follows. */
export function shownIn({ text }: Block): readonly Shown[] {
  return `\n${text}`
    .split('\n$ ')
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n')
      return { command, output: output.join('\n').trimEnd() }
    })
}

/** Whether a program printed what is shown: `...` on a line of its own stands for any lines, times are of any length. */
export function isShown(shown: string, printed: string): boolean {
  const lines = timeless(shown).split('\n')
  const pattern = lines.map((line) => (line === '...' ? '(?:.*\n)*?' : `${literal(line)}\n`)).join('')
  return new RegExp(`^${pattern}$`, 'u').test(`${timeless(printed)}\n`)
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`)
}

/** Moments and durations differ from run to run, and ends of lines don't show. */
function timeless(text: string): string {
  return text
    .replaceAll(/\d\d:\d\d:\d\d\.\d+/gu, '00:00:00.0')
    .replaceAll(/\b\d+(?:\.\d+)? (?=ms\b|s\b)/gu, '0 ')
    .replaceAll(/[ \t]+$/gmu, '')
    .trimEnd()
}
