import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { ErrorData } from '../../core/errors.ts'

/** Where states, roles and orchestrations come from, in order: a later source wins file by file. */
export interface Sources {
  /** The last good snapshot. Throws the `UserError` `no-snapshot` when there has never been one. */
  current(): Snapshot
  /** An older snapshot that a job was compiled from, while it is kept. */
  byId(id: string): Snapshot | undefined
  /** Fetches all sources now. A bad commit leaves the last good snapshot in use and is in `status().errors`. */
  update(): Promise<SourceStatus[]>
  status(): SourceStatus[]
  /** A file of any kept snapshot by its SHA-256. */
  blob(digest: string): Promise<Uint8Array | undefined>
}

export interface SourceStatus {
  name: string
  /** The git address or folder. */
  from: string
  branch: string | null
  /** The commit in use. */
  commit: string | null
  /** The newest commit seen: another one than `commit` while it is refused. */
  seen: string | null
  /** When it was last looked at, ISO 8601. */
  checked: string | null
  errors: ErrorData[]
  /** What was left out, such as symbolic links. */
  warnings?: ErrorData[]
}
