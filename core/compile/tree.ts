import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import { isGlob, matchesGlob } from '../target/glob.ts'
import { suggest } from '../text/nearest.ts'
import type { Snapshot } from './snapshot.ts'

/** A state file, found by its dotted name. */
export interface StatePath {
  /** `postgres.config`; `postgres/init.yaml` is `postgres`. */
  sls: string
  path: string
  /** It is its folder's `init`: a relative include begins inside the folder. */
  isInit: boolean
}

/** The state files below one folder of a snapshot. */
export class StateTree {
  readonly #root: string
  readonly #snapshot: Snapshot
  readonly #byName = new Map<string, StatePath[]>()
  /** A folder's pillar defaults and its map of platforms: they look like state files and are none. */
  readonly #data = new Map<string, string>()

  constructor(snapshot: Snapshot, root: string) {
    this.#root = root
    this.#snapshot = snapshot
    for (const path of snapshot.paths) this.#add(path)
  }

  #add(path: string): void {
    const match = /^(.+)\.(?:yaml|sls)$/u.exec(path)
    if (match?.[1] === undefined || !path.startsWith(`${this.#root}/`)) return
    const steps = match[1].slice(this.#root.length + 1).split('/')
    if (steps.some((step) => step.includes('.'))) return
    const isInit = steps.length > 1 && steps.at(-1) === 'init'
    const sls = (isInit ? steps.slice(0, -1) : steps).join('.')
    if (this.#root === 'states' && steps.length === 2 && isData(steps[1])) this.#data.set(sls, path)
    else this.#byName.set(sls, [...(this.#byName.get(sls) ?? []), { sls, path, isInit }])
  }

  /** All state files that a name or a glob (`tracker.*`) means. Throws a `UserError` when it means none, or two. */
  find(name: string, at?: Place): readonly StatePath[] {
    const plain = name.endsWith('.init') ? name.slice(0, -'.init'.length) : name
    const names = isGlob(plain) ? this.names.filter((known) => matchesGlob(known, plain)) : [plain]
    if (names.length === 0) throw this.#missing(name, at)
    return names.map((known) => this.#one(known, name, at))
  }

  /** All names but those of files that states copy (`postgres/files/...`), which globs and suggestions don't mean. */
  get names(): readonly string[] {
    return [...this.#byName.keys()].filter((sls) => !sls.includes('.files.')).toSorted()
  }

  #one(sls: string, written: string, at: Place | undefined): StatePath {
    const [found, another] = this.#byName.get(sls) ?? []
    if (found === undefined) throw this.#missing(written, at)
    if (another !== undefined) {
      const files = [found, another].map(({ path }) => this.#snapshot.shown(path)).join(' and ')
      throw new UserError('ambiguous-state-file', `'${sls}' could be ${files}.`, {
        hint: 'Remove or rename one of them.',
        at,
      })
    }
    return found
  }

  #missing(name: string, at: Place | undefined): UserError {
    const data = this.#data.get(name)
    if (data !== undefined) {
      return new UserError(
        'no-state-file',
        `'${name}' is ${this.#snapshot.shown(data)}: ${name.endsWith('.map') ? 'a map of platforms' : 'pillar defaults'}, not a state file.`,
        {
          hint: `Apply '${name.replace(/\.(?:defaults|map)$/u, '')}': that loads this file too.`,
          at,
        },
      )
    }
    const kind = this.#root === 'orchestrations' ? 'orchestration' : 'state file'
    const path = `${this.#root}/${name.replaceAll('.', '/')}.yaml`
    const near = suggest(name.replaceAll('/', '.'), this.names)
    return new UserError('missing-state-file', `There is no ${kind} '${name}' (${path}).`, { hint: near, at })
  }
}

function isData(name: string | undefined): boolean {
  return name === 'defaults' || name === 'map'
}

const trees = new WeakMap<Snapshot, Map<string, StateTree>>()

/** The tree below a folder of a snapshot, remembered as long as the snapshot is. */
export function stateTree(snapshot: Snapshot, root: string): StateTree {
  const known = trees.get(snapshot) ?? new Map<string, StateTree>()
  trees.set(snapshot, known)
  const tree = known.get(root) ?? new StateTree(snapshot, root)
  known.set(root, tree)
  return tree
}
