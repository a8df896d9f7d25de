import type { Snapshot } from '../../core/compile/snapshot.ts'
import { UserError } from '../../core/errors.ts'

const EMPTY: Snapshot = {
  id: '',
  paths: [],
  text: () => undefined,
  bytes: () => undefined,
  ref: () => undefined,
  shown: (path) => path,
}

/** The snapshot in use; without one nothing is said about any minion, but one can still be called. */
export function currentOrEmpty(current: () => Snapshot): Snapshot {
  try {
    return current()
  } catch (thrown) {
    if (thrown instanceof UserError && thrown.code === 'no-snapshot') return EMPTY
    throw thrown
  }
}
