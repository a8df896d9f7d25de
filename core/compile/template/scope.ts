import type { Data, DataMap } from '../../data.ts'
import { isMap } from '../../data.ts'
import type { PathExpression } from './ast.ts'

/** What names mean at one point of a template; blocks nest. */
export class Scope {
  readonly value: Data
  private readonly parent: Scope | undefined
  private readonly data: DataMap
  private readonly names: ReadonlyMap<string, Data>

  constructor(value: Data, parent?: Scope, data: DataMap = {}, names: ReadonlyMap<string, Data> = new Map()) {
    this.value = value
    this.parent = parent
    this.data = data
    this.names = names
  }

  /** The value behind a path, or how far it leads. */
  find(path: PathExpression): Found {
    const [first, ...rest] = path.parts
    if (path.data) return this.findData(path)
    const scope = this.up(path.depth)
    if (scope === undefined) return { missing: '../', of: undefined, known: [] }
    const explicit = path.depth > 0 || /^(?:this\b|\.)/u.test(path.original)
    if (first === undefined || explicit) return walk(scope.value, path.parts)
    const named = scope.named(first)
    if (named !== undefined) return below(first, walk(named, rest))
    const own = isMap(scope.value) && Object.hasOwn(scope.value, first)
    // Inside a block `pillar`, `grains` and `roles` still mean the minion's, and `id` too where the block's item is no map:
    // a map may have forgotten its own.
    const root = this.root().value
    const mayBeRoot = !own && (first !== 'id' || !isMap(scope.value))
    const fromRoot = mayBeRoot && isMap(root) && Object.hasOwn(root, first)
    const found = walk(fromRoot ? root : scope.value, path.parts)
    return 'missing' in found && found.missing === first
      ? { ...found, known: [...found.known, ...scope.names.keys()] }
      : found
  }

  private findData({ parts: [first, ...rest], depth }: PathExpression): Found {
    const name = first ?? ''
    if (name === 'root') return below('@root', walk(this.root().value, rest))
    let scope = this.block()
    for (let step = 0; step < depth; step++) scope = scope?.parent?.block()
    const known = Object.keys(scope?.data ?? {}).map((key) => `@${key}`)
    const value = scope?.data[name]
    return value === undefined ? { missing: `@${name}`, of: undefined, known: [...known, '@root'] } : walk(value, rest)
  }

  /** The nearest `{{#each}}`: it alone has `@index` and the like. */
  private block(): Scope | undefined {
    return Object.keys(this.data).length > 0 ? this : this.parent?.block()
  }

  private named(name: string): Data | undefined {
    return this.names.get(name) ?? this.parent?.named(name)
  }

  private up(depth: number): Scope | undefined {
    return depth === 0 ? this : this.parent?.up(depth - 1)
  }

  private root(): Scope {
    return this.parent?.root() ?? this
  }
}

export type Found =
  | { value: Data }
  /** The step that is not there, the path above it (`undefined` at the top), and what there is instead. */
  | { missing: string; of: string | undefined; known: readonly string[] }

function walk(start: Data, steps: readonly string[]): Found {
  let value = start
  for (const [index, step] of steps.entries()) {
    const below = stepInto(value, step)
    if (below === undefined) {
      const of = index === 0 ? undefined : steps.slice(0, index).join('.')
      return { missing: step, of, known: isMap(value) ? Object.keys(value) : [] }
    }
    value = below
  }
  return { value }
}

/** A path's end that was looked up from a name on: errors name the whole. */
function below(name: string, found: Found): Found {
  return 'value' in found ? found : { ...found, of: found.of === undefined ? name : `${name}.${found.of}` }
}

/** Own keys only: nothing of JavaScript's can be reached. */
export function stepInto(value: Data, step: string): Data | undefined {
  if (Array.isArray(value))
    return step === 'length' ? value.length : /^\d+$/u.test(step) ? value[Number(step)] : undefined
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined
}
