export type OutputFormat = 'text' | 'json' | 'yaml'

/** Where a command writes. JSON and YAML go to stdout alone; what a person reads along the way goes to stderr. */
export interface Io {
  readonly format: OutputFormat
  /** Colours may be used: stdout is a terminal and `NO_COLOR` is not set. */
  readonly color: boolean
  /** The width of the terminal, in characters; 100 when there is none. */
  readonly width: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** The result as text; does nothing unless the format is text. What costs time to lay out is given as a function. */
  print(text: string | (() => string)): void
  /** The result as data; does nothing when the format is text. */
  data(value: unknown): void
  /** Progress, warnings and errors, to stderr in every format. */
  note(text: string): void
  /** Aborted at the first Ctrl-C (and SIGTERM). A second Ctrl-C ends the program. */
  readonly interrupted: AbortSignal
}
