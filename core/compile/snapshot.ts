import type { FileRef } from './low.ts'

/**
 * The exact content of all sources at one moment, overlays already applied file by file. Compiling reads nothing else,
 * and always gets the same answer for the same path. Paths are relative, with forward slashes: `states/web/init.yaml`.
 */
export interface Snapshot {
  /** Names the exact commits (or the content) that this is. */
  readonly id: string
  /** All paths, sorted. */
  readonly paths: readonly string[]
  /** The content as text; `undefined` when there is no such file. */
  text(path: string): string | undefined
  bytes(path: string): Uint8Array | undefined
  ref(path: string): FileRef | undefined
  /** How errors name the file, such as `overlay/states/web/init.yaml`. */
  shown(path: string): string
}
