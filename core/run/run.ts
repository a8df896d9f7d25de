import type { LowChunk } from '../compile/low.ts'
import { redact } from '../secret.ts'
import type { Ran, RunOptions } from './options.ts'
import { onlyInCase, type Part, type Performed, Performer } from './perform.ts'
import { type ChunkResult, summarize } from './result.ts'
import { rowOf } from './row.ts'
import { groupOf } from './together.ts'
import { type Ended, type Verdict, verdictOf } from './verdict.ts'

/**
 * Walks the low state from its first chunk to its last, then does what listeners have waited for. A `parallel`
 * state runs beside those that come after it, until one needs to know how it ended. Never throws.
 */
export async function run(options: RunOptions): Promise<Ran> {
  const { chunks } = options.low
  options.emit({ type: 'started', pid: process.pid, chunks: chunks.length, test: options.test })
  const walk = new Walk(options)
  for (const position of chunks.keys()) await walk.turn(position)
  await walk.allEnded()
  for (const position of chunks.keys()) {
    if (walk.isOver) break
    await walk.listen(position)
  }
  const { results } = walk
  return { results, summary: summarize(results, chunks.length) }
}

class Walk {
  readonly #results: ChunkResult[] = []
  readonly #options: RunOptions
  readonly #performer: Performer
  readonly #ends = new Map<number, Ended>()
  /** Who has a chunk as the target of its `prereq`. */
  readonly #beforehand = new Map<number, number[]>()
  /** Pairs of a chunk and the target of its `prereq` whose own failure, seen ahead, kept the chunk from running. */
  readonly #seenToFail = new Map<number, number[]>()
  /** Targets that are being looked at ahead, so that a circle ends. */
  readonly #looking = new Set<number>()
  /** States that run beside what comes after them (`parallel`), by position. */
  readonly #running = new Map<number, Promise<void>>()
  /** States that were done in one go with an earlier one, or had the chance. */
  readonly #grouped = new Set<number>()
  #stopped = false
  #begun = 0

  constructor(options: RunOptions) {
    this.#options = options
    this.#performer = new Performer(options)
    for (const [position, chunk] of options.low.chunks.entries()) {
      for (const target of targetsOf(chunk, 'prereq')) {
        this.#beforehand.set(target, [...(this.#beforehand.get(target) ?? []), position])
      }
    }
  }

  /** In the order in which they were begun. */
  get results(): ChunkResult[] {
    return this.#results.toSorted((one, other) => one.order - other.order)
  }

  /** Waits for all that runs beside the walk. */
  async allEnded(): Promise<void> {
    await this.#ended([...this.#running.keys()])
  }

  async #ended(positions: readonly number[]): Promise<void> {
    await Promise.all(positions.flatMap((position) => this.#running.get(position) ?? []))
  }

  /** A `failhard` state failed, or the run was cancelled: nothing more is begun. */
  get isOver(): boolean {
    return this.#stopped || this.#options.signal.aborted
  }

  /** It has had its turn, or will have none any more. What was done for it already is told all the same. */
  #isLost(position: number): boolean {
    if (this.#ends.has(position)) return true
    return this.isOver && this.#performer.doneBefore(this.#chunk(position)) === undefined
  }

  /** The turn of one chunk, unless a look ahead has settled it already. */
  async turn(position: number): Promise<void> {
    if (this.#isLost(position)) return
    const chunk = this.#chunk(position)
    const verdict = await this.#verdict(position)
    // While it waited for others, one of them may have ended the run, or a look ahead have settled it.
    if (this.#isLost(position)) return
    if (!verdict.runs) return this.#settle(position, verdict)
    const part: Part = { own: true, fired: verdict.fired.length > 0 }
    const first = this.#options.test ? undefined : () => this.#together(position)
    const act = this.#act(chunk, part, verdict, { first, record: (row) => this.#ends.set(position, endOf(row)) })
    if (chunk.options.parallel && !this.#options.test) this.#running.set(position, act)
    else await act
  }

  /** Does what later chunks want as well, where that costs no more. */
  async #together(position: number): Promise<void> {
    if (this.#grouped.has(position)) return
    const { catalog, low } = this.#options
    const group = groupOf(position, {
      chunks: low.chunks,
      catalog,
      mayRun: (later, together) => this.#mayRun(later, together),
    })
    for (const one of group) this.#grouped.add(one)
    await this.#performer.doTogether(group.map((one) => this.#chunk(one)))
  }

  #mayRun(position: number, group: ReadonlySet<number>): boolean {
    if (this.#beforehand.has(position) || this.#ends.has(position)) return false
    const awaited = this.#chunk(position).requisites.flatMap(({ targets }) => targets)
    if (awaited.some((target) => !this.#ends.has(target) && !group.has(target))) return false
    const { requisites } = this.#chunk(position)
    const endOfTarget = (target: number): Ended | undefined =>
      group.has(target) ? { result: true, changed: false } : this.#ends.get(target)
    return verdictOf(requisites, endOfTarget, (target) => this.#name(target)).runs
  }

  /** Acts once more, late, if a chunk that this one listens to changed something. */
  async listen(position: number): Promise<void> {
    const chunk = this.#chunk(position)
    const changed = targetsOf(chunk, 'listen').filter((target) => this.#ends.get(target)?.changed)
    if (changed.length === 0) return
    const names = changed.map((target) => this.#name(target)).join(', ')
    const own = this.#ends.get(position)
    if (own === undefined || own.result === false) {
      return this.#note('debug', `${chunk.id} does not act on ${names}, since it did not succeed itself`)
    }
    if (this.#options.catalog.states.get(chunk.function)?.watched === undefined) {
      return this.#note('warning', `${chunk.id} listens to ${names}, but ${chunk.function} has nothing to do then`)
    }
    await this.#act(chunk, { own: false }, { unsure: false, why: [`listen ${names} changed`] })
  }

  async #act(
    chunk: LowChunk,
    part: Part,
    verdict: { unsure: boolean; why: string[] },
    { first, record }: { first?: (() => Promise<void>) | undefined; record?: (row: ChunkResult) => void } = {},
  ): Promise<void> {
    const { machine, test } = this.#options
    const { id, name } = chunk
    const order = this.#begun++
    this.#options.emit({ type: 'chunk-started', order, id, function: chunk.function, name: this.#hide(name) })
    const started = machine.now()
    const begin = machine.monotonic()
    await first?.()
    const performed = await this.#performer.perform(chunk, part, test ? 'plan' : 'apply')
    if (performed.stack !== undefined) this.#note('debug', performed.stack)
    const done = verdict.unsure ? onlyInCase(performed) : performed
    const timing = { started, duration: machine.monotonic() - begin }
    const place = { order, listener: !part.own }
    const row = this.#push(chunk, { ...done, why: [...verdict.why, ...done.why] }, timing, place)
    record?.(row)
  }

  /** Records a chunk that is not run. */
  #settle(position: number, verdict: Verdict & { runs: false }): void {
    const { by, result, comment, why } = verdict
    const changes = this.#performer.doneBefore(this.#chunk(position)) ?? {}
    const performed = { result, changes, comment, modWatch: false, ran: false, skipped: by, why }
    const timing = { started: this.#options.machine.now(), duration: 0 }
    const place = { order: this.#begun++, listener: false }
    this.#ends.set(position, endOf(this.#push(this.#chunk(position), performed, timing, place)))
  }

  #push(
    chunk: LowChunk,
    performed: Performed,
    timing: { started: Date; duration: number },
    place: { order: number; listener: boolean },
  ): ChunkResult {
    const why = performed.why.length > 0 ? performed.why : ['no requisite and no guard decides about it']
    const row = rowOf(chunk, { ...performed, why }, place, timing, this.#options.secrets)
    this.#results.push(row)
    this.#options.emit({ type: 'chunk-ended', result: row })
    this.#fire(chunk, row)
    this.#note('debug', `${row.id}: ${row.ran ? 'ran' : `not run (${row.skipped})`}: ${row.why}`)
    // A plan goes on: what comes after is worth knowing too.
    if (chunk.options.failhard && row.result === false && !this.#options.test) this.#stopped = true
    return row
  }

  /** Whoever follows the job acts on what was done: a plan does nothing, so it tells nothing either. */
  #fire({ options }: LowChunk, { name, order, id, result, changes }: ChunkResult): void {
    const { fire_event: asked } = options
    if (asked === undefined || asked === false || this.#options.test) return
    const changed = Object.keys(changes).length > 0
    this.#options.emit({ type: 'fired', tag: asked === true ? name : asked, order, id, result, changed })
  }

  async #verdict(position: number): Promise<Verdict> {
    const chunk = this.#chunk(position)
    const awaited = chunk.requisites.flatMap(({ targets }) => targets)
    await this.#ended([...awaited, ...(this.#beforehand.get(position) ?? [])])
    const verdict = verdictOf(
      chunk.requisites,
      (target) => this.#ends.get(target),
      (target) => this.#name(target),
    )
    if (!verdict.runs && verdict.by === 'requisite') {
      // What these are passed over for is their own, and no fault of this one.
      for (const target of targetsOf(chunk, 'prereq')) {
        if (!this.#ends.has(target)) await this.#verdictAhead(target)
      }
      return verdict
    }
    return this.#prerequired(position, verdict.why) ?? (await this.#prereq(position, verdict.why)) ?? verdict
  }

  /** Runs only if a target of its `prereq` would change: looks at them ahead of their turn. */
  async #prereq(position: number, why: string[]): Promise<(Verdict & { runs: false }) | undefined> {
    const targets = targetsOf(this.#chunk(position), 'prereq')
    if (targets.length === 0) return undefined
    const failing: number[] = []
    let wouldChange = false
    for (const target of targets) {
      const end = this.#ends.get(target) ?? (await this.#ahead(target))
      if (end.result === false) failing.push(target)
      wouldChange ||= end.changed
      const seen = end.result === false ? 'would fail' : end.changed ? 'would change' : 'would not change'
      why.push(`prereq ${this.#name(target)} ${seen}`)
    }
    if (failing.length > 0) {
      this.#seenToFail.set(position, failing)
      const names = failing.map((target) => this.#name(target)).join(', ')
      return { runs: false, by: 'requisite', result: false, comment: `One or more requisite failed: ${names}`, why }
    }
    if (wouldChange) return undefined
    return { runs: false, by: 'prereq', result: true, comment: 'No changes detected', why }
  }

  /** How a chunk would end if it ran now. */
  async #ahead(position: number): Promise<Ended> {
    const verdict = await this.#verdictAhead(position)
    if (verdict === undefined) return { result: true, changed: false }
    if (!verdict.runs) return { result: verdict.result, changed: false }
    const part: Part = { own: true, fired: verdict.fired.length > 0 }
    return endOf(await this.#performer.perform(this.#chunk(position), part, 'ahead'))
  }

  /**
   * Whether a chunk would run, before its turn; nothing where a circle of looks has come back to it. One that its
   * requisites keep from running, `prereq` excepted, is settled at once.
   */
  async #verdictAhead(position: number): Promise<Verdict | undefined> {
    if (this.#looking.has(position)) return undefined
    this.#looking.add(position)
    try {
      const verdict = await this.#verdict(position)
      if (!verdict.runs && verdict.by !== 'prereq' && !this.#ends.has(position)) this.#settle(position, verdict)
      return verdict
    } finally {
      this.#looking.delete(position)
    }
  }

  /** Not run if a chunk that has to act before it failed; its own failure, seen ahead, it may show itself. */
  #prerequired(position: number, why: string[]): (Verdict & { runs: false }) | undefined {
    const failed = (this.#beforehand.get(position) ?? []).filter(
      (before) => this.#ends.get(before)?.result === false && !(this.#seenToFail.get(before) ?? []).includes(position),
    )
    if (failed.length === 0) return undefined
    const names = failed.map((before) => this.#name(before)).join(', ')
    const comment = `Not run, since ${names} has to be done before it and failed`
    return { runs: false, by: 'prereq', result: false, comment, why: [...why, comment] }
  }

  #chunk(position: number): LowChunk {
    const chunk = this.#options.low.chunks[position]
    if (chunk === undefined) throw new Error(`A requisite points to chunk ${position}, which is not there.`)
    return chunk
  }

  #name(position: number): string {
    const { sls, id } = this.#chunk(position)
    return `${sls}.${id}`
  }

  #note(level: 'debug' | 'warning', text: string): void {
    this.#options.emit({ type: 'note', level, text: this.#hide(text) })
  }

  #hide(text: string): string {
    return redact(text, this.#options.secrets)
  }
}

function targetsOf(chunk: LowChunk, kind: 'prereq' | 'listen'): number[] {
  return chunk.requisites.flatMap((requisite) => (requisite.kind === kind ? requisite.targets : []))
}

function endOf({ result, changes, skipped }: Pick<ChunkResult, 'result' | 'changes' | 'skipped'>): Ended {
  const passedOver = skipped !== null && BY_REQUISITES.has(skipped)
  return { result, changed: result === null || Object.keys(changes).length > 0, passedOver }
}

const BY_REQUISITES: ReadonlySet<string> = new Set(['requisite', 'onchanges', 'onfail', 'prereq'])
