/** What a program's exit code says. The same for all of Butler's programs. */
export const EXIT = {
  /** Every target did it. */
  ok: 0,
  /** Something ran and failed, or a target could not be reached. */
  failed: 1,
  /** Nothing was touched: usage, compile or configuration error. */
  refused: 2,
  /** `plan --exit-code` found drift. */
  drift: 3,
  /** A bug of ours. */
  bug: 70,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
