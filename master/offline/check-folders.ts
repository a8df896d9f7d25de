import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { withLine } from '../../core/compile/excerpt.ts'
import type { DataMap } from '../../core/data.ts'
import { createDesired } from '../../core/desired/create.ts'
import { readMapping } from '../../core/desired/roles.ts'
import { unusedDefaults } from '../../core/desired/unused-defaults.ts'
import { errorsIn, UserError, type ErrorData } from '../../core/errors.ts'
import { catalog } from '../../modules/catalog.ts'
import { problemsOfFiles } from '../desired/problems.ts'
import { orchestrationProblems } from '../orchestrate/check.ts'
import { grainsOf, mappedMinions, mineOf, type Imagined } from './imagined.ts'
import { ContentStore } from '../sources/content.ts'
import { FolderSource } from '../sources/folder-source.ts'
import { Overlay, type Layer } from '../sources/overlay.ts'

export interface OfflineOptions {
  /** Folders with `states/`, `roles/` and so on; later ones win file by file. */
  folders: readonly string[]
  /** By id. `undefined`: one for each line of the role mapping. */
  minions: ReadonlyMap<string, Imagined> | undefined
  /** Over the grains of all of them. */
  grains: DataMap
  /** Over all other pillar: what only a site knows. */
  pillar: DataMap
}

export interface Findings {
  checked: string[]
  errors: Found[]
  warnings: Found[]
}

/** What is wrong, and with which minions; with none when it is wrong for all. */
export interface Found {
  error: ErrorData
  minions: string[]
}

/**
 * What a master says of its sources, of folders and without a master: for CI, and before a commit. Compiles everything
 * that they say, for all minions that they mean.
 */
export async function checkFolders({ folders, minions, grains, pillar }: OfflineOptions): Promise<Findings> {
  const cache = await mkdtemp(join(tmpdir(), 'butler-check-'))
  try {
    const snapshot = new Overlay(...(await layersOf(folders, cache)))
    const ofNobody = (errors: readonly UserError[]): { error: UserError; minion: undefined }[] =>
      errors.map((error) => ({ error: withLine(snapshot, error), minion: undefined }))
    const found = ofNobody([...problemsOfFiles(snapshot), ...orchestrationProblems(snapshot)])
    const unused = ofNobody(unusedDefaults(snapshot, catalog))
    const imagined = minions ?? mappedMinions(snapshot, errorsIn(() => readMapping(snapshot)).length > 0)
    const desired = createDesired({
      catalog,
      known: {
        grains: (id) => ({ ...grainsOf(imagined, id), ...grains }),
        tokenRoles: () => [],
        mine: (alias) => mineOf(imagined, alias),
      },
    })
    const { lows, errors } = desired.lows(snapshot, [...imagined.keys()], [], pillar)
    const warned = new Map([...lows].map(([id, { warnings }]) => [id, warnings.map((one) => UserError.fromData(one))]))
    return {
      checked: [...imagined.keys()],
      errors: grouped([...found, ...concerned(errors)]),
      warnings: grouped([...concerned(warned), ...unused]),
    }
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
}

function concerned(found: ReadonlyMap<string, readonly UserError[]>): { error: UserError; minion: string }[] {
  return [...found].flatMap(([minion, all]) => all.map((error) => ({ error, minion })))
}

async function layersOf(folders: readonly string[], cache: string): Promise<[Layer[], ContentStore]> {
  const content = new ContentStore(cache)
  const layers: Layer[] = []
  for (const folder of folders) {
    const source = new FolderSource(basename(resolve(folder)), resolve(folder), content)
    const commit = await source.fetch()
    layers.push({ name: source.name, commit, tree: await source.read(commit) })
  }
  return [layers, content]
}

/** What is wrong with many is said once, with all of them. */
function grouped(all: readonly { error: UserError; minion: string | undefined }[]): Found[] {
  const found = new Map<string, Found>()
  for (const { error, minion } of all) {
    const data = error.toJSON()
    const { text: _, ...at } = data.at ?? { file: '' }
    const key = JSON.stringify([data.code, data.message, at])
    const known = found.get(key) ?? { error: data, minions: [] }
    found.set(key, minion === undefined ? known : { ...known, minions: [...known.minions, minion] })
  }
  return [...found.values()]
}
