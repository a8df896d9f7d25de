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
import { findFile, folderOf, renderFile, type Rendered } from './rendered.ts'
import { Reading, stillHold, type Reads } from './reads.ts'
import type { Role } from './roles.ts'
import { rolesOf } from './roles.ts'

export interface DesiredOptions {
  catalog: Catalog
  known: Known
  /** Where low states are remembered; in this process's memory when left out. */
  remembered?: Remembered | undefined
}

/** A low state and what it was made from. */
export interface Made {
  low: LowState
  reads: Reads
}

/** What was made lately, by what it was made for. Anything may be forgotten. */
export interface Remembered {
  get(key: string): Made | undefined
  set(key: string, made: Made): void
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
  readonly #lows: Remembered

  constructor(options: DesiredOptions) {
    this.#options = options
    this.#lows = options.remembered ?? new Lately<Made>(REMEMBERED)
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

  rendered(snapshot: Snapshot, id: string, name: string, given?: DataMap): Rendered {
    return withLines(snapshot, () => {
      const path = findFile(snapshot, name)
      const start = this.#start(snapshot, id)
      const folders = new Set([...foldersOf(snapshot, start.highstate), folderOf(path)])
      const pillar = makePillar(snapshot, start, folders, given)
      return renderFile(snapshot, path, { ...start.subject.context, pillar })
    })
  }

  low(snapshot: Snapshot, id: string, states: readonly string[], given?: DataMap): LowState {
    return withLines(snapshot, () => this.#low(snapshot, id, states, given))
  }

  #low(snapshot: Snapshot, id: string, states: readonly string[], given: DataMap | undefined): LowState {
    const subject = subjectOf(snapshot, id, this.#options.known)
    const key = JSON.stringify([id, states, given ?? null])
    const known = this.#lows.get(key)
    if (known !== undefined && stillHold(known.reads, snapshot, subject)) return known.low
    const reading = new Reading(snapshot, subject)
    const low = this.#compile(reading.snapshot, startOf(reading.snapshot, reading.subject), states, given)
    this.#lows.set(key, { low, reads: reading.reads })
    return low
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
    return startOf(snapshot, subjectOf(snapshot, id, this.#options.known))
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
      const low = compile({ snapshot, apply, minion: { id, grains, roles, pillar }, mine: context.mine, catalog })
      const used = new Set([...folders, ...low.sls.map((sls) => sls.split('.')[0] ?? sls)])
      if (used.size === folders.size || round === MAX_ROUNDS) return withoutForged(low, id)
      folders = used
    }
  }
}

function startOf(snapshot: Snapshot, subject: Subject): Start {
  const roles = rolesOfSubject(snapshot, subject)
  return { subject, roles, highstate: highstateOf(snapshot, roles) }
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
