import { compile } from '../../../core/compile/compile.ts'
import type { LowState } from '../../../core/compile/low.ts'
import type { DataMap } from '../../../core/data.ts'
import { UserError } from '../../../core/errors.ts'
import { catalog } from '../../../modules/catalog.ts'
import { type FolderSnapshot, folderSnapshot } from '../folder-snapshot.ts'
import { merged, type Session } from './session.ts'

export interface CompiledLocally {
  low: LowState
  snapshot: FolderSnapshot
  pillar: DataMap
}

/** Compiles state files of the session's folders for this machine. Throws `UserErrors` with everything that is wrong. */
export function compileLocally(session: Session, states: readonly string[], pillar: DataMap = {}): CompiledLocally {
  const snapshot = folderSnapshot(requireRoots(session))
  const { id, grains } = session
  const given = merged(session.pillar, pillar)
  const minion = { id, grains, roles: [], pillar: given }
  const { low } = compile({ snapshot, apply: states, minion, mine: () => ({}), catalog })
  return { low, snapshot, pillar: given }
}

function requireRoots({ fileRoots }: Session): readonly string[] {
  if (fileRoots.length > 0) return fileRoots
  throw new UserError('no-file-root', '--local needs to know where the state files are.', {
    hint: 'Add --file-root DIR.',
  })
}
