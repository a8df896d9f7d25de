import { UserError } from '../errors.ts'
import type { Snapshot } from './snapshot.ts'
import type { Named, StateFile } from './high.ts'
import { readHigh } from './high.ts'
import type { Problems } from './problems.ts'
import { platformMap } from './platform-map.ts'
import { readSource } from './source.ts'
import type { Context } from './template.ts'
import type { StatePath, StateTree } from './tree.ts'
import { suggest } from '../text/nearest.ts'

/** What the loader reads from. */
export interface Sources {
  snapshot: Snapshot
  tree: StateTree
  context: Context
  problems: Problems
}

/** All state files that take part, in order, and who brought in whom. */
export interface Loaded {
  files: readonly StateFile[]
  /** What each state file includes. */
  includes: ReadonlyMap<string, readonly string[]>
  /** The files that were loaded because this one includes them, and nobody had before. */
  brought: ReadonlyMap<string, readonly string[]>
}

/**
 * The state files as Salt puts their states together: each before what it brings in, though that runs first. Where several
 * states are equal in rank, Salt looks at them in this order.
 */
export function mergeOrder({ files, brought }: Loaded): readonly string[] {
  const below = (sls: string): string[] => [sls, ...(brought.get(sls) ?? []).flatMap(below)]
  const children = new Set([...brought.values()].flat())
  return files.flatMap(({ sls }) => (children.has(sls) ? [] : below(sls)))
}

/** Follows the includes, depth first: included files come before the file that includes them, each once. */
export function load(names: readonly string[], sources: Sources): Loaded {
  const loader = new Loader(sources)
  for (const name of names) {
    for (const found of sources.problems.attempt(() => sources.tree.find(name)) ?? []) loader.load(found, undefined)
  }
  return loader
}

class Loader implements Loaded {
  readonly files: StateFile[] = []
  readonly includes = new Map<string, string[]>()
  readonly brought = new Map<string, string[]>()
  readonly #seen = new Set<string>()
  readonly #sources: Sources

  constructor(sources: Sources) {
    this.#sources = sources
  }

  load(path: StatePath, from: string | undefined): void {
    if (this.#seen.has(path.sls)) return
    this.#seen.add(path.sls)
    if (from !== undefined) this.brought.set(from, [...(this.brought.get(from) ?? []), path.sls])
    const file = this.#read(path)
    if (file === undefined) return
    const included = file.includes.flatMap((include) => this.#resolve(include, path))
    this.includes.set(
      path.sls,
      included.map(({ sls }) => sls),
    )
    for (const found of included) this.load(found, path.sls)
    this.files.push(file)
  }

  #read({ path, sls }: StatePath): StateFile | undefined {
    const { snapshot, context, problems } = this.#sources
    const text = snapshot.text(path)
    if (text === undefined) throw new Error(`The snapshot lists '${path}' and has no text for it.`)
    const folder = sls.split('.')[0] ?? sls
    const node = problems.attempt(() => {
      const more = platformMap(folder, { snapshot, context })
      return readSource(text, snapshot.shown(path), { ...context, more })
    })
    return node === undefined ? undefined : readHigh(node, sls, problems)
  }

  #resolve(include: Named, from: StatePath): readonly StatePath[] {
    const { problems, tree } = this.#sources
    return problems.attempt(() => tree.find(absolute(include, from, tree), include.at)) ?? []
  }
}

/** `.x` is beside the including file, each more dot one folder up. */
function absolute({ name, at }: Named, from: StatePath, tree: StateTree): string {
  const dots = /^\.*/u.exec(name)?.[0].length ?? 0
  if (dots === 0) return name
  const steps = [...from.sls.split('.'), ...(from.isInit ? ['init'] : [])]
  const rest = name.slice(dots)
  if (dots > steps.length) {
    throw new UserError('bad-include', `The include '${name}' leads above the top folder of the state files.`, {
      hint: suggest(rest, tree.names) ?? `'${from.sls}' has ${steps.length} steps.`,
      at,
    })
  }
  return [...steps.slice(0, -dots), ...(rest === '' ? [] : [rest])].join('.')
}
