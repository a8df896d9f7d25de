/** One state file and what can be done to the machine behind its back. */
export interface Case {
  title: string
  /** The state functions that it stands for. */
  covers: readonly string[]
  /** A shell line that prepares the machine. */
  before?: string
  states: string
  /** Grains in place of those that the machine has. */
  grains?: Readonly<Record<string, string>>
  /** What `butler://` gives: text by path. */
  files?: Readonly<Record<string, string>>
  /** A shell line that damages the machine -> what must be named and mended, as `id function`, in run order. */
  damage: Readonly<Record<string, readonly string[]>>
}
