import type { Data, DataMap } from '../data.ts'
import { UserError } from '../errors.ts'
import type { Kind } from './fact.ts'
import type { Host } from './host.ts'

/** Something that exists once a change was made. `anything`: it can't be said, as with a package or a command. */
export type Made = { kind: Kind; name: string } | 'anything'

/** One thing that a plan would do. Only the runner calls `apply`. */
export interface Change {
  /** What changes, such as `mode` or a package's name: the key in the result's `changes`. */
  readonly key: string
  /** What is shown for it, in a plan and in a result: usually `{ old, new }` or `{ diff }`. */
  readonly shows: Data
  readonly makes: readonly Made[]
  /** Does it. What it returns replaces `shows` in the result, when it returns something. */
  readonly apply: (host: Host) => Promise<Done | void>
  /**
   * It only says that something happened and does nothing to the machine (`test.*` when a watch fires): a plan reports
   * it as done, with the result true.
   */
  readonly onlySaid?: true
}

export interface Done {
  /** What really changed, in place of `shows`. */
  shows?: Data
  /** More keys for the result's `changes`, in place of the change's own key. */
  changes?: DataMap
  /** A sentence for the result's comment. */
  comment?: string
  /** The change found nothing to do after all. */
  unchanged?: boolean
}

export function change(
  key: string,
  shows: Data,
  makes: readonly Made[],
  apply: (host: Host) => Promise<Done | void>,
): Change {
  return { key, shows, makes, apply }
}

/** A change that did not work. `changes` holds what it did nevertheless, such as a command's exit code and output. */
export class ChangeFailed extends UserError {
  override readonly name = 'ChangeFailed'
  readonly changes: DataMap

  constructor(message: string, details: { changes?: DataMap; hint?: string; cause?: unknown } = {}) {
    super('change-failed', message, details)
    this.changes = details.changes ?? {}
  }
}
