import type { Place } from '../errors.ts'
import { UserError, UserErrors, userErrorsOf } from '../errors.ts'
import type { Snapshot } from './snapshot.ts'

/** Does the work; errors that it throws get the lines of the snapshot's files that they point to. */
export function withLines<T>(snapshot: Snapshot, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    throw new UserErrors(errors.map((error) => withLine(snapshot, error)))
  }
}

/** The same error with the line that it points to, where it points to one of the snapshot's. */
export function withLine(snapshot: Snapshot, error: UserError): UserError {
  const { at } = error
  if (at?.line === undefined || at.text !== undefined) return error
  const text = lineOf(snapshot, at, at.line)
  if (text === undefined) return error
  return new UserError(error.code, error.message, { hint: error.hint, at: { ...at, text }, cause: error.cause })
}

/** Longer lines are cut around the column: they are read by people. */
const MAX_LENGTH = 1000

function lineOf(snapshot: Snapshot, { file, column = 1 }: Place, line: number): string | undefined {
  const path = snapshot.paths.find((one) => snapshot.shown(one) === file)
  const text = path === undefined ? undefined : snapshot.text(path)
  const found = text?.replace(/^\uFEFF/u, '').split(/\r\n|\r|\n/u, line)[line - 1]
  return found !== undefined && found.length > MAX_LENGTH && column < MAX_LENGTH ? found.slice(0, MAX_LENGTH) : found
}
