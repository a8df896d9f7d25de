import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import { globTest, isGlob, matchesGlob } from '../target/glob.ts'
import { suggest } from '../text/nearest.ts'
import type { Draft, Wanted } from './draft.ts'
import type { Loaded } from './load.ts'
import type { RequisiteKind } from './low.ts'
import type { Problems } from './problems.ts'
import type { Reference } from './reference.ts'
import { formatReference } from './reference.ts'

/** The requisites of one chunk: for each kind the drafts (by position) that it refers to, and where that is written. */
export type Links = ReadonlyMap<RequisiteKind, ReadonlyMap<number, Written>>

/** A requisite as it stands in a state file: at the one that waits, or as an `_in` form at the one that is waited for. */
export interface Written {
  readonly at: Place
  readonly isIn: boolean
}

/** Finds what all requisites refer to, and turns the `_in` forms around. */
export function link(drafts: readonly Draft[], loaded: Loaded, problems: Problems): readonly Links[] {
  const finder = new Finder(drafts, loaded)
  const links = drafts.map(() => new Map<RequisiteKind, Map<number, Written>>())
  const add = (from: number, kind: RequisiteKind, to: number, written: Written): void => {
    const kinds = links[from]
    const targets = kinds?.get(kind) ?? new Map<number, Written>()
    kinds?.set(kind, targets.set(to, targets.get(to) ?? written))
  }
  for (const [index, draft] of drafts.entries()) {
    for (const { kind, reference } of draft.requisites) {
      const targets = finder.find(reference)
      if (targets.length === 0) problems.add(missing(draft, kind, reference, finder))
      for (const target of targets) add(index, kind, target, { at: reference.at, isIn: false })
    }
    for (const { kind, reference } of draft.incoming) {
      const dependents = finder.findDependents(reference)
      // A file without states has nobody who would wait: that is no mistake of the one who would be waited for.
      if (dependents.length === 0 && !finder.isFile(reference))
        problems.add(missing(draft, `${kind}_in`, reference, finder))
      for (const dependent of dependents) add(dependent, kind, index, { at: reference.at, isIn: true })
    }
  }
  return links
}

/** `web.init` is `web`. */
function withoutInit(sls: string): string {
  return sls.endsWith('.init') ? sls.slice(0, -'.init'.length) : sls
}

const MAX_SUGGESTED = 50

class Finder {
  readonly #known = new Map<string, number[]>()
  readonly #bySls = new Map<string, number[]>()
  readonly #drafts: readonly Draft[]
  readonly #loaded: Loaded
  #suggested = 0
  readonly #members = new Map<string, readonly number[]>()

  constructor(drafts: readonly Draft[], loaded: Loaded) {
    this.#drafts = drafts
    this.#loaded = loaded
    for (const [index, { module, id, name, sls }] of drafts.entries()) {
      for (const word of new Set([id, name])) {
        push(this.#known, key(module, word), index)
        push(this.#known, key(undefined, word), index)
      }
      push(this.#bySls, sls, index)
    }
  }

  /** By id and by name; globs match either. */
  find(reference: Reference): readonly number[] {
    if (!isGlob(reference.ref)) return this.findExactly(reference)
    const { module, ref } = reference
    if (module === 'sls') return this.slsNames.filter((sls) => matchesGlob(sls, ref)).flatMap((sls) => this.#inSls(sls))
    const matches = globTest(ref)
    return this.#drafts.flatMap((draft, index) => {
      if (module !== undefined && draft.module !== module) return []
      return matches(draft.id) || (draft.name !== draft.id && matches(draft.name)) ? [index] : []
    })
  }

  findExactly({ module, ref }: Reference): readonly number[] {
    return module === 'sls' ? this.#inSls(ref) : (this.#known.get(key(module, ref)) ?? [])
  }

  /** What an `_in` form refers to: of a file its own states, without what it includes. */
  findDependents(reference: Reference): readonly number[] {
    if (reference.module !== 'sls') return this.findExactly(reference)
    return this.#bySls.get(withoutInit(reference.ref)) ?? []
  }

  /** Whether it names a state file that takes part, with states or without. */
  isFile({ module, ref }: Reference): boolean {
    return module === 'sls' && this.slsNames.includes(withoutInit(ref))
  }

  get slsNames(): readonly string[] {
    return this.#loaded.files.map(({ sls }) => sls)
  }

  /** Looking through all names costs too much to be done for every one of very many errors. */
  suggest(reference: Reference): string | undefined {
    this.#suggested++
    return this.#suggested > MAX_SUGGESTED ? undefined : suggest(reference.ref, this.candidates(reference))
  }

  /** What a person could have meant: ids and names, of the module if it has any. */
  private candidates({ module, ref }: Reference): ReadonlySet<string> {
    if (module === 'sls') return new Set(this.slsNames)
    const sameModule = this.#drafts.filter((draft) => draft.module === module)
    return new Set(
      module === undefined || sameModule.length === 0
        ? wordsOf(this.#drafts)
        : wordsOf(sameModule).filter((word) => word !== ref),
    )
  }

  /** The modules under which there is such an id or name. */
  modulesOf(ref: string): readonly string[] {
    return [
      ...new Set((this.#known.get(key(undefined, ref)) ?? []).flatMap((index) => this.#drafts[index]?.module ?? [])),
    ]
  }

  /**
   * The states of a state file, and as in Salt those of the files that were loaded because it includes them. A file
   * that only includes others stands for all of those, whoever has loaded them first.
   */
  #inSls(written: string): readonly number[] {
    const sls = withoutInit(written)
    const known = this.#members.get(sls)
    if (known !== undefined) return known
    this.#members.set(sls, [])
    const own = this.#bySls.get(sls) ?? []
    const { brought, includes } = this.#loaded
    const below = (own.length > 0 ? brought.get(sls) : includes.get(sls)) ?? []
    const members = [...new Set([...own, ...below.flatMap((name) => this.#inSls(name))])]
    this.#members.set(sls, members)
    return members
  }
}

function wordsOf(drafts: readonly Draft[]): string[] {
  return drafts.flatMap(({ id, name }) => [id, name])
}

function key(module: string | undefined, word: string): string {
  return `${module ?? ''}\n${word}`
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}

function missing(draft: Draft, kind: string, reference: Wanted['reference'], finder: Finder): UserError {
  const what = finder.isFile(reference) ? 'which has no states' : 'which is nowhere in this run'
  const message = `'${draft.id}' in '${draft.sls}' has '${kind}' on ${formatReference(reference)}, ${what}.`
  return new UserError('missing-requisite', message, { hint: hint(kind, reference, finder), at: reference.at })
}

function hint(kind: string, reference: Reference, finder: Finder): string {
  const { module, ref } = reference
  if (finder.isFile(reference)) return 'Take this requisite away, or name the file that was meant.'
  if (kind.endsWith('_in') && isGlob(ref)) return `'${kind}' takes no globs: name each id.`
  const elsewhere = module === undefined ? [] : finder.modulesOf(ref)
  if (elsewhere[0] !== undefined) return `Did you mean '${elsewhere[0]}: ${ref}'?`
  return finder.suggest(reference) ?? 'Include the state file that declares it, or mend the id.'
}
