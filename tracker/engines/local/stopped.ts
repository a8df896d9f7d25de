import type { ErrorKind, RunError } from '../../model/status.ts'

/** Why an engine ends a run that did not end by itself: the reason of the signal that it aborts. */
export class Stopped extends Error {
  readonly kind: ErrorKind

  constructor(kind: ErrorKind, cause: string) {
    super(cause)
    this.kind = kind
  }
}

/** The error of a run whose signal was aborted with this reason. */
export function errorOfStop(reason: unknown): RunError {
  if (reason instanceof Stopped) return { kind: reason.kind, cause: reason.message }
  // Node's own reason, when the process was told to end.
  if (reason instanceof DOMException) return { kind: 'engine-stopped', cause: 'The engine was told to end.' }
  const message = reason instanceof Error ? reason.message : String(reason)
  return { kind: 'engine-stopped', cause: `The engine could not go on: ${message}.` }
}
