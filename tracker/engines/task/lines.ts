import type { Readable } from 'node:stream'

/** A line without an end is cut here, in characters, so that a program can't fill the memory. */
const LONGEST = 64 * 1024

/** Calls `take` for each line of a program's output, the last one too when it has no end. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line.replace(/\r$/u, ''))
    while (rest.length > LONGEST) {
      take(rest.slice(0, LONGEST))
      rest = rest.slice(LONGEST)
    }
  })
  stream.on('end', () => {
    if (rest !== '') take(rest)
    rest = ''
  })
  // A broken pipe is the end of the program, and that is told by its exit.
  stream.on('error', () => {})
}
