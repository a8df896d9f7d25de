import { EXIT } from '../../core/cli/exit.ts'
import { formatPlace, userErrorsOf } from '../../core/errors.ts'

/** Prints why the agent could not start, in the words of `core/cli`, without loading what that loads. */
export function reportPlainly(thrown: unknown): void {
  const errors = userErrorsOf(thrown)
  process.exitCode = errors === undefined ? EXIT.bug : EXIT.refused
  for (const { message, hint, at } of errors ?? []) {
    const lines = [`error: ${message}`, at && `  at ${formatPlace(at)}`, hint && `  ${hint}`]
    process.stderr.write(`${lines.filter(Boolean).join('\n')}\n`)
  }
  if (errors === undefined) process.stderr.write(`This is a bug in Butler, please report it:\n${stackOf(thrown)}\n`)
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
