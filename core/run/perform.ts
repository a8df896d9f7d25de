import type { ChunkOptions, LowChunk } from '../compile/low.ts'
import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { UserError } from '../errors.ts'
import type { Host } from '../module/host.ts'
import type { AnyState, Plan } from '../module/state.ts'
import type { CommandOptions, View } from '../module/view.ts'
import { openSecrets } from '../secret.ts'
import { type Carried, carryOut, failureOf, foresee } from './carry-out.ts'
import { Facts } from './facts.ts'
import { Foreseen, Pending } from './foreseen.ts'
import { guarded } from './guards.ts'
import type { RunOptions } from './options.ts'
import type { SkippedBy } from './result.ts'
import { type Attempted, withRetries } from './retry.ts'
import { sparing } from './spared.ts'
import { planningView } from './view.ts'

/** What became of a chunk that its requisites let run. */
export interface Performed extends Attempted {
  ran: boolean
  skipped: SkippedBy | null
  why: string[]
}

/**
 * `apply` does it. `plan` says what it would do, and later plans see what that would make. `ahead` looks before its
 * time, for a `prereq`, and leaves no trace.
 */
export type Mode = 'apply' | 'plan' | 'ahead'

/** What to do with a chunk: its own plan (and `watched`, when a watch fired), or for a late listener `watched` alone. */
export type Part = { own: true; fired: boolean } | { own: false }

interface DoneBefore {
  changes: DataMap
  comment: string
}

/** Does one chunk: guards, plan, changes, watch, `check_cmd`, retries. Never throws. */
export class Performer {
  readonly #options: RunOptions
  readonly #facts = new Facts()
  readonly #foreseen = new Foreseen()
  /** What was done for a chunk before its turn. */
  readonly #done = new Map<LowChunk, DoneBefore>()
  #forFacts: View | undefined

  constructor(options: RunOptions) {
    this.#options = options
  }

  async perform(chunk: LowChunk, part: Part, mode: Mode): Promise<Performed> {
    const why: string[] = []
    // Told once: neither a look ahead nor a late listener has its own turn.
    const before = mode === 'apply' && part.own ? this.#done.get(chunk) : undefined
    if (before !== undefined) why.push(before.comment)
    const done = withBefore(await this.#attempt(chunk, part, mode, why), before)
    if (mode === 'plan' && done.after !== undefined) this.#mayMake(chunk)
    return done
  }

  /**
   * Does what several chunks want in one go. Each is told of its own part when it has its turn, and then does what is left:
   * when this failed, each fails, or not, by itself.
   */
  async doTogether(chunks: readonly LowChunk[]): Promise<void> {
    const [first, ...others] = chunks
    const definition = first === undefined ? undefined : this.#options.catalog.states.get(first.function)
    if (definition?.together === undefined || others.length === 0) return
    const { together } = definition
    try {
      const wants = chunks.map(({ args }) => openSecrets(args, this.#options.secrets)).filter(isMap)
      const joined = together.join(wants)
      const host = this.#options.machine.host({})
      const { changes } = await carryOut(() => definition.plan(this.#view(host, []), joined), host, this.#facts)
      const comment = `done in one go: ${chunks.map(({ id }) => id).join(', ')}`
      for (const [key, value] of Object.entries(changes)) {
        const owner = wants.findIndex((want) => together.owns(want, key))
        this.#credit(chunks[owner === -1 ? 0 : owner], { comment, changes: { [key]: value } })
      }
    } catch {
      // A secret that did not come along, say: whoever needs it says so when it has its turn.
    }
  }

  #credit(chunk: LowChunk | undefined, { comment, changes }: DoneBefore): void {
    if (chunk === undefined) return
    this.#done.set(chunk, { comment, changes: { ...this.#done.get(chunk)?.changes, ...changes } })
  }

  /** What was done for a chunk before its turn, which it has to tell whatever becomes of the run. */
  doneBefore(chunk: LowChunk): DataMap | undefined {
    return this.#done.get(chunk)?.changes
  }

  async #attempt(chunk: LowChunk, part: Part, mode: Mode, why: string[]): Promise<Performed> {
    try {
      return await this.#perform(chunk, part, mode, why)
    } catch (thrown) {
      const ended = thrown instanceof Pending ? pendingOf(thrown) : failureOf(thrown)
      return { ...ended, changes: {}, modWatch: false, ran: true, skipped: null, why }
    }
  }

  /** A plan that stopped half-way, for an earlier change to come first, has not said all that it would make. */
  #mayMake(chunk: LowChunk): void {
    const definition = this.#options.catalog.states.get(chunk.function)
    this.#foreseen.add(definition?.makes?.(chunk.args) ?? ['anything'], chunk.id)
  }

  async #perform(chunk: LowChunk, part: Part, mode: Mode, why: string[]): Promise<Performed> {
    const { catalog, low, machine, secrets } = this.#options
    const definition = catalog.states.get(chunk.function)
    if (definition === undefined) {
      throw new UserError('unknown-state', `This minion does not know the state ${chunk.function}.`, {
        hint: 'It is older than its master: update it.',
      })
    }
    const host = machine.host(commandOptions(chunk.options))
    const view = this.#view(host, why)
    const guard = await guarded(chunk.guards, view, catalog)
    why.unshift(...guard.why)
    if (guard.by !== undefined) {
      return { result: true, changes: {}, comment: guard.comment, modWatch: false, ran: false, skipped: guard.by, why }
    }
    const opened = openSecrets(chunk.args, secrets)
    if (!isMap(opened)) throw new Error(`The arguments of ${chunk.id} are no map.`)
    const args = sparing(definition, opened, chunk, { chunks: low.chunks, catalog })
    const carry: Carry = (plan) => {
      if (mode === 'apply') return carryOut(plan, host, this.#facts)
      return foresee(plan, mode === 'plan' ? this.#foreseen : undefined, chunk.id)
    }
    const once = async (): Promise<Attempted> => {
      const attempted = await attempt(definition, view, args, part, carry)
      return mode === 'apply' ? checked(attempted, chunk.options.check_cmd ?? [], host) : attempted
    }
    const retry = mode === 'apply' ? chunk.options.retry : undefined
    const done = await withRetries(retry, once, this.#options, `${chunk.id} ${JSON.stringify(host.grains['id'])}`)
    return { ...done, ran: true, skipped: null, why }
  }

  #view(host: Host, why: string[]): View {
    const grains = new Set<string>()
    return planningView(host, {
      facts: this.#facts,
      foreseen: this.#foreseen,
      plain: (this.#forFacts ??= this.#plain()),
      readGrain: (name) => {
        if (grains.has(name)) return
        grains.add(name)
        why.push(`grain ${name} is ${JSON.stringify(host.grains[name])}`)
      },
    })
  }

  /** The machine for facts, which may ask for other facts. */
  #plain(): View {
    const host = this.#options.machine.host({})
    const plain: View = planningView(host, {
      facts: this.#facts,
      foreseen: new Foreseen(),
      get plain() {
        return plain
      },
      readGrain: () => {},
    })
    return plain
  }
}

/** Works off a plan as the mode of the run wants it. */
type Carry = (plan: () => Plan) => Promise<Carried>

async function attempt(definition: AnyState, view: View, args: DataMap, part: Part, carry: Carry): Promise<Attempted> {
  if (!part.own) {
    return { ...(await carry(() => watchedPlan(definition, view, args))), modWatch: true }
  }
  const own = await carry(() => definition.plan(view, args))
  const changedItself = own.result === null || Object.keys(own.changes).length > 0
  if (!part.fired || changedItself || definition.watched === undefined) return { ...own, modWatch: false }
  // both are needed: a state that failed is not mended by acting on what it watches
  const late = await carry(() => watchedPlan(definition, view, args))
  const result = own.result === false ? false : late.result
  const comment = own.result === false ? `${own.comment}\n${late.comment}` : late.comment
  return { ...late, result, comment, modWatch: true }
}

function watchedPlan(definition: AnyState, view: View, args: DataMap): Plan {
  if (definition.watched === undefined) throw new Error('Only a state with `watched` is asked to act late.')
  return definition.watched(view, args)
}

/** A `check_cmd` can fail a state that succeeded, and never the other way round. */
async function checked(attempted: Attempted, commands: readonly string[], view: View): Promise<Attempted> {
  if (attempted.result === false) return attempted
  for (const command of commands) {
    const { exitCode } = await view.shell(command)
    if (exitCode === 0) continue
    const comment = `${attempted.comment}\ncheck_cmd determined the state failed: '${command}' ended with ${exitCode}`
    return { ...attempted, result: false, comment }
  }
  return attempted
}

function pendingOf(pending: Pending): Pick<Carried, 'result' | 'comment' | 'after'> {
  return { result: null, comment: pending.message, after: pending.by }
}

function commandOptions(options: ChunkOptions): CommandOptions {
  const { runas, umask, env, cwd, shell, timeout } = options
  return { runas, umask, env, cwd, shell, timeoutMs: timeout === undefined ? undefined : timeout * 1000 }
}

/** A chunk's own result, with the part of it that was done before its turn. */
function withBefore(performed: Performed, before: DoneBefore | undefined): Performed {
  if (before === undefined || !performed.ran) return performed
  const changed = Object.keys(performed.changes).length > 0
  const names = Object.keys(before.changes).join(', ')
  const comment = changed || performed.result === false ? performed.comment : `Done in one go with others: ${names}`
  return { ...performed, changes: { ...before.changes, ...performed.changes }, comment }
}

/**
 * In a plan: what would only be done if something failed that would change. It is planned, and counts as unchanged,
 * also when it would fail: nothing says that it comes to that.
 */
export function onlyInCase(performed: Performed): Performed {
  if (!performed.ran) return performed
  const comment = `Would run only if what it waits for failed. Then: ${performed.comment}`
  return { ...performed, result: true, changes: {}, comment }
}
