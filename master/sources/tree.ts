import type { FileRef } from '../../core/compile/low.ts'
import type { ErrorData } from '../../core/errors.ts'

/** The files of one source at one commit: its path, without the source's name, and its content by digest. */
export interface Tree {
  readonly files: ReadonlyMap<string, FileRef>
  /** What was left out, such as a symbolic link, and why. */
  readonly warnings: readonly ErrorData[]
}

/** One place where states come from. Reading it never executes anything of it. */
export interface Source {
  readonly name: string
  /** The git address, without a password, or the folder. */
  readonly from: string
  readonly branch: string | null
  /** Looks what is newest there and gets it here. Throws a `UserError` when it can't. */
  fetch(): Promise<string>
  /** The files of a commit that `fetch` named. Throws a `UserError` when there is too much of it. */
  read(commit: string): Promise<Tree>
}

/** Why a file is left out of its tree: a state can't mean it, so it is no error. */
export function leftOut(source: string, path: string, why: string): ErrorData {
  return { code: 'file-left-out', message: `'${path}' is left out: ${why}.`, at: { file: `${source}/${path}` } }
}
