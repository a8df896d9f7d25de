/** Where in a file something stands. Lines and columns count from 1. */
export interface Place {
  file: string
  line?: number
  column?: number
  /** What stands in the line, for people; only where the file was at hand. */
  text?: string
}

/** An error as it is sent and stored: part of the JSON contract `butler.run/1`. */
export interface ErrorData {
  code: string
  message: string
  hint?: string
  at?: Place
}

interface Details {
  /** What to do about it, as a whole sentence. */
  hint?: string | undefined
  at?: Place | undefined
  cause?: unknown
}

/**
 * An error that a person can cause and mend. The message says what is wrong with the value in it; the hint says what to
 * do. Everything that is not a `UserError` is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** Stable and kebab-case, such as `unknown-argument`: what programs and the documentation refer to. */
  readonly code: string
  readonly hint: string | undefined
  readonly at: Place | undefined

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.at = details.at
  }

  toJSON(): ErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.at === undefined ? {} : { at: this.at }),
    }
  }

  static fromData(data: ErrorData): UserError {
    return new UserError(data.code, data.message, { hint: data.hint, at: data.at })
  }
}

/** All errors of one piece of work, since a person wants to mend them together. Never empty. */
export class UserErrors extends Error {
  override readonly name = 'UserErrors'
  readonly errors: readonly UserError[]

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => error.message).join('\n'))
    this.errors = errors
  }
}

/** The `UserError`s inside a thrown value; nothing when it is a bug, which the caller should throw on. */
export function userErrorsOf(thrown: unknown): readonly UserError[] | undefined {
  if (thrown instanceof UserErrors) return thrown.errors
  if (thrown instanceof UserError) return [thrown]
  return undefined
}

/** Does the work and gives what a person can mend in it; nothing when it went well. A bug is thrown on. */
export function errorsIn(work: () => unknown): readonly UserError[] {
  try {
    work()
    return []
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return errors
  }
}

/** `states/web/init.yaml:3:5`, as editors and terminals understand it. */
export function formatPlace(at: Place): string {
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(':')
}

/** For a log: where a bug was thrown, when it says so. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
