import { createHash } from 'node:crypto'
import type { Snapshot } from '../../../core/compile/snapshot.ts'

/** A snapshot of texts in memory. */
export function snapshotOf(files: Readonly<Record<string, string>>): Snapshot {
  const bytes = (path: string): Uint8Array | undefined =>
    files[path] === undefined ? undefined : new TextEncoder().encode(files[path])
  return {
    id: 'memory',
    paths: Object.keys(files).toSorted(),
    text: (path) => files[path],
    bytes,
    ref: (path) => {
      const content = bytes(path)
      return content && { digest: createHash('sha256').update(content).digest('hex'), size: content.length }
    },
    shown: (path) => path,
  }
}
