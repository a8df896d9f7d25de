import { formatError } from '../../core/cli/error-text.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { userErrorsOf, stackOf } from '../../core/errors.ts'

/** Prints why the agent could not start, without loading what a command line does. */
export function reportPlainly(thrown: unknown): void {
  const errors = userErrorsOf(thrown)
  process.exitCode = errors === undefined ? EXIT.bug : EXIT.refused
  for (const error of errors ?? []) process.stderr.write(`${formatError(error)}\n`)
  if (errors === undefined) process.stderr.write(`This is a bug in Butler, please report it:\n${stackOf(thrown)}\n`)
}
