import { createHash } from 'node:crypto'
import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { UserError, UserErrors, userErrorsOf } from '../errors.ts'
import { compile } from '../compile/compile.ts'
import { withLines } from '../compile/excerpt.ts'
import type { LowState } from '../compile/low.ts'
import { mergeData } from '../compile/merge.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Catalog } from '../module/module.ts'
import { sealSecrets, secretNames } from '../secret.ts'
import { foldersOf, readDefaults } from './pillar-defaults.ts'
import { mergeRoles } from './pillar-roles.ts'
import { readTargeted } from './pillar-targeted.ts'
import type { Desired } from './desired.ts'
import { Lately } from './lately.ts'
import { highstateOf, rolesOfSubject, subjectOf, type Known, type Subject } from './minion.ts'
import type { Role } from './roles.ts'
import { rolesOf } from './roles.ts'

export interface DesiredOptions {
  catalog: Catalog
  known: Known
  /** Another number whenever a value of the mine changed. */
  mineVersion: () => number
}

/** How many low states are remembered: those of a fleet's last highstate, its plan and its check. */
const REMEMBERED = 512
/** How often the pillar is made anew because rendering brought in states of further folders. */
const MAX_ROUNDS = 5

export function createDesired(options: DesiredOptions): Desired {
  return new CompiledDesired(options)
}

/** Where a compile begins: the minion, its roles, and what is to be applied. */
interface Start {
  subject: Subject
  roles: readonly Role[]
  highstate: readonly string[]
}

class CompiledDesired implements Desired {
  readonly #options: DesiredOptions
  readonly #lows = new Lately<LowState>(REMEMBERED)
  readonly #grains = new WeakMap<DataMap, string>()

  constructor(options: DesiredOptions) {
    this.#options = options
  }

  roles(snapshot: Snapshot, id: string): readonly string[] {
    return rolesOf(snapshot, id, this.#options.known.tokenRoles(id))
  }

  grains(snapshot: Snapshot, id: string): DataMap {
    return subjectOf(snapshot, id, this.#options.known).grains
  }

  highstate(snapshot: Snapshot, id: string): readonly string[] {
    return this.#start(snapshot, id).highstate
  }

  pillar(snapshot: Snapshot, id: string, given?: DataMap, states: readonly string[] = []): DataMap {
    const start = this.#start(snapshot, id)
    const folders = foldersOf(snapshot, [...start.highstate, ...states])
    const pillar = sealSecrets(makePillar(snapshot, start, folders, given))
    if (!isMap(pillar)) throw new Error('A sealed map is a map.')
    return pillar
  }

  low(snapshot: Snapshot, id: string, states: readonly string[], given?: DataMap): LowState {
    return withLines(snapshot, () => this.#low(snapshot, id, states, given))
  }

  #low(snapshot: Snapshot, id: string, states: readonly string[], given: DataMap | undefined): LowState {
    const key = JSON.stringify([snapshot.id, id, this.#state(id), states, given ?? null])
    return this.#lows.get(key, () => this.#compile(snapshot, this.#start(snapshot, id), states, given))
  }

  lows(
    snapshot: Snapshot,
    ids: readonly string[],
    states: readonly string[],
    given?: DataMap,
  ): { lows: ReadonlyMap<string, LowState>; errors: ReadonlyMap<string, readonly UserError[]> } {
    const lows = new Map<string, LowState>()
    const errors = new Map<string, readonly UserError[]>()
    for (const id of ids) {
      try {
        lows.set(id, this.low(snapshot, id, states, given))
      } catch (thrown) {
        const found = userErrorsOf(thrown)
        if (found === undefined) throw thrown
        errors.set(id, found)
      }
    }
    return { lows, errors }
  }

  #start(snapshot: Snapshot, id: string): Start {
    const subject = subjectOf(snapshot, id, this.#options.known)
    const roles = rolesOfSubject(snapshot, subject)
    return { subject, roles, highstate: highstateOf(snapshot, roles) }
  }

  /** All that a low state follows from besides the snapshot, what is applied and what is given. */
  #state(id: string): string {
    const { known, mineVersion } = this.#options
    const grains = known.grains(id)
    return JSON.stringify([grains === undefined ? null : this.#digestOf(grains), known.tokenRoles(id), mineVersion()])
  }

  /** Grains are replaced as a whole, never changed: their digest is made once. */
  #digestOf(grains: DataMap): string {
    const known = this.#grains.get(grains)
    if (known !== undefined) return known
    const digest = createHash('sha256').update(JSON.stringify(grains)).digest('hex')
    this.#grains.set(grains, digest)
    return digest
  }

  /** Defaults come with the folders whose states take part, and only rendering shows for certain which these are. */
  #compile(snapshot: Snapshot, start: Start, states: readonly string[], given: DataMap | undefined): LowState {
    const { subject, highstate } = start
    const apply = states.length === 0 ? highstate : states
    let folders = foldersOf(snapshot, [...highstate, ...apply])
    for (let round = 1; ; round++) {
      const pillar = makePillar(snapshot, start, folders, given)
      const { id, grains, roles, context } = subject
      const { catalog } = this.#options
      const { low } = compile({ snapshot, apply, minion: { id, grains, roles, pillar }, mine: context.mine, catalog })
      const used = new Set([...folders, ...low.sls.map((sls) => sls.split('.')[0] ?? sls)])
      if (used.size === folders.size || round === MAX_ROUNDS) return withoutForged(low, id)
      folders = used
    }
  }
}

/** Defaults < roles < pillar files by target < what was given with the call. Secrets are markers in it. */
function makePillar(
  snapshot: Snapshot,
  { subject, roles }: Start,
  folders: ReadonlySet<string>,
  given: DataMap | undefined,
): DataMap {
  const errors: UserError[] = []
  const part = (read: () => DataMap): DataMap => {
    try {
      return read()
    } catch (thrown) {
      const found = userErrorsOf(thrown)
      if (found === undefined) throw thrown
      errors.push(...found)
      return {}
    }
  }
  const { context } = subject
  const own = [part(() => readDefaults(snapshot, folders, context)), part(() => mergeRoles(roles))].reduce(mergeData)
  const targeted = part(() => readTargeted(snapshot, { ...context, pillar: own }))
  if (errors.length > 0) throw new UserErrors(errors)
  const pillar = [own, targeted, given ?? {}].reduce(mergeData)
  if (secretNames(pillar).size > 0) throw forged(subject.id)
  return pillar
}

/**
 * Only `{{secret}}` makes references. One that stands in data already came with a minion's grains, its mine values or a
 * call's pillar, and would bring out a secret that nobody meant it to have.
 */
function withoutForged(low: LowState, id: string): LowState {
  const named = new Set(low.secrets)
  // A low state is plain JSON.
  if ([...secretNames(low as unknown as DataMap)].every((name) => named.has(name))) return low
  throw forged(id)
}

function forged(id: string): UserError {
  return new UserError('forged-secret', `Data for '${id}' holds a reference to a secret that no template made.`, {
    hint: "Only the helper {{secret 'NAME'}} in the sources names a secret.",
  })
}
