import { join } from 'node:path'
import type { Test } from 'tap'
import type { Data, DataMap } from '../../../core/data.ts'
import type { Snapshot } from '../../../core/compile/snapshot.ts'
import { createDesired } from '../../../core/desired/create.ts'
import type { Desired } from '../../../core/desired/desired.ts'
import type { Known } from '../../../core/desired/minion.ts'
import { ContentStore } from '../../../master/sources/content.ts'
import { Overlay } from '../../../master/sources/overlay.ts'
import { catalog } from '../../../modules/catalog.ts'
import { temporaryFolder } from '../repository.ts'

/** What a minion is known by. */
export interface Someone {
  grains?: DataMap
  tokenRoles?: string[]
  mine?: Record<string, Data>
}

export type Files = Readonly<Record<string, string>>

/** A snapshot of sources with these names and files; a later one lies over the earlier ones. */
export function snapshotOf(t: Test, sources: Readonly<Record<string, Files>>): Snapshot {
  const content = new ContentStore(join(temporaryFolder(t), 'content'))
  const layers = Object.entries(sources).map(([name, files]) => ({
    name,
    commit: JSON.stringify(files),
    tree: {
      files: new Map(Object.entries(files).map(([path, text]) => [path, content.put(Buffer.from(text))])),
      warnings: [],
    },
  }))
  return new Overlay(layers, content)
}

/** What the sources say about minions that are known by this. */
export function desiredOf(someone: Readonly<Record<string, Someone>>): { desired: Desired; known: Known } {
  const known: Known = {
    grains: (id) => someone[id]?.grains,
    tokenRoles: (id) => someone[id]?.tokenRoles ?? [],
    mine: (alias) =>
      new Map(
        Object.entries(someone).flatMap(([id, { mine }]): [string, Data][] => {
          const value = mine?.[alias]
          return value === undefined ? [] : [[id, value]]
        }),
      ),
  }
  return { desired: createDesired({ catalog, known }), known }
}
