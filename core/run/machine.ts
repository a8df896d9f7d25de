import type { Host } from '../module/host.ts'
import type { CommandOptions } from '../module/view.ts'

/** What the runner needs of the world: a machine to act on, and a clock. */
export interface Machine {
  /** The machine with defaults for everything that is run through it: a chunk's `runas`, `umask`, `env` and so on. */
  host(defaults: CommandOptions): Host
  now(): Date
  /** Milliseconds from any fixed moment; never goes back. */
  monotonic(): number
  /** Waits, or returns early when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}
