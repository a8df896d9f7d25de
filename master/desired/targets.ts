import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import type { Place } from '../../core/errors.ts'
import { UserError } from '../../core/errors.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import { lookup } from '../../core/module/lookup.ts'
import { parseTarget, type Targeted } from '../../core/target/match.ts'
import type { Target } from '../../core/target/target.ts'
import { nearest, suggest } from '../../core/text/nearest.ts'
import type { Desired } from '../../core/desired/desired.ts'

export interface TargetsOptions {
  desired: Desired
  /** All minions that may connect, sorted. */
  ids: () => readonly string[]
  /** Whether a minion has ever said its grains. */
  isKnown: (id: string) => boolean
}

/** Whom a target means, out of all minions that may connect, be they connected or not. */
export class Targets {
  readonly #options: TargetsOptions

  constructor(options: TargetsOptions) {
    this.#options = options
  }

  /** Never empty: a target that means nobody throws `no-match`, with who is near. */
  match(snapshot: Snapshot, target: Target, at?: Place): readonly string[] {
    const matcher = parseTarget(target, at)
    const minions = this.#options.ids().map((id) => this.#targeted(snapshot, id))
    const found = minions.filter(matcher).map(({ id }) => id)
    if (found.length > 0) return found
    const hint =
      minions.length === 0
        ? "No minion has joined yet: see 'butler-master keys' and 'butler-master tokens create --help'."
        : (nearTo(target.expression, minions) ?? "'butler-master minions' lists all.")
    throw new UserError('no-match', `The target '${target.expression}' matches no minion.`, { hint, at })
  }

  #targeted(snapshot: Snapshot, id: string): Targeted {
    const { desired, isKnown } = this.#options
    if (!isKnown(id)) return { id, grains: { id, roles: [...desired.roles(snapshot, id)] }, pillar: {} }
    return {
      id,
      grains: desired.grains(snapshot, id),
      // Only a target that asks for it pays for it, or meets what is wrong with it.
      get pillar(): DataMap {
        return desired.pillar(snapshot, id)
      },
    }
  }
}

/** Tries each word of the target: an id or glob, or the value of a grain. */
function nearTo(expression: string, minions: readonly Targeted[]): string | undefined {
  for (const word of expression.split(/[\s(),]+/u).filter((each) => !/^(?:and|or|not)?$/u.test(each))) {
    const grain = /^(?:[GP]@)?([\w:]+):([^:]+)$/u.exec(word)
    const near =
      grain?.[1] === undefined
        ? nearest(
            word.replace(/^[LE]@/u, ''),
            minions.map(({ id }) => id),
          )
        : nearest(grain[2] ?? '', grainValues(grain[1], minions))
    if (near !== undefined) return `Did you mean '${near}'?`
  }
  return suggest(
    expression,
    minions.map(({ id }) => id),
  )
}

function grainValues(key: string, minions: readonly Targeted[]): Set<string> {
  return new Set(minions.flatMap(({ grains }) => textsIn(lookup(grains, key))))
}

function textsIn(value: Data | undefined): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isMap(value) ? Object.keys(value) : [String(value)]
}
