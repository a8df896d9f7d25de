import { readFileSync } from 'node:fs'
import { UserError } from '../../core/errors.ts'

/** A file that the operator names. Throws the `UserError` `unreadable-file`. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError('unreadable-file', `The file '${file}' can't be read: ${why}.`, { cause })
  }
}

/** All that comes on standard input; a terminal is told what to do. */
export async function readStdin(prompt: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`${prompt}\n`)
  const pieces: Buffer[] = []
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}
