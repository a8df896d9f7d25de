import { z } from 'zod'
import type { Data } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { hasSecretMarker, secretNames } from '../../core/secret.ts'
import type { Store } from '../store/store.ts'
import type { MineRow } from './tables.ts'

const data: z.ZodType<Data> = z.json()

export interface MineValue {
  value: Data
  /** Milliseconds since 1970; when the minion said it. */
  updated: number
}

/** What minions said of themselves, by function: in memory, since compiling asks for it, and the same in the database. */
export class Mine {
  readonly #store: Store
  readonly #now: () => number
  /** Alias -> minion -> value. */
  readonly #values = new Map<string, Map<string, MineValue>>()

  private constructor(store: Store, now: () => number, rows: readonly MineRow[]) {
    this.#store = store
    this.#now = now
    for (const { id, alias, value, updated } of rows) {
      this.#remember(id, alias, { value: data.parse(JSON.parse(value)), updated })
    }
  }

  static async open(store: Store, now: () => number): Promise<Mine> {
    return new Mine(store, now, await store.selectFrom('mine').selectAll().execute())
  }

  values(alias: string): ReadonlyMap<string, Data> {
    return new Map([...this.#of(alias)].map(([id, { value }]) => [id, value]))
  }

  /** The same with when each was said. */
  aged(alias: string): ReadonlyMap<string, MineValue> {
    return this.#of(alias)
  }

  /**
   * Takes up a minion's values. One of `wanted` that it gave no value for keeps the last one, with its age; what is no
   * longer wanted is forgotten.
   */
  async put(id: string, wanted: readonly string[], values: Readonly<Record<string, Data>>): Promise<void> {
    checkUnforged(id, values)
    const updated = this.#now()
    const rows = Object.entries(values)
      .filter(([alias]) => wanted.includes(alias))
      .map(([alias, value]) => ({ id, alias, value: JSON.stringify(value), updated }))
    const gone = [...this.#values.keys()].filter((alias) => this.#of(alias).has(id) && !wanted.includes(alias))
    await this.#store.transaction().execute(async (transaction) => {
      if (rows.length > 0) await transaction.replaceInto('mine').values(rows).execute()
      if (gone.length > 0)
        await transaction.deleteFrom('mine').where('id', '=', id).where('alias', 'in', gone).execute()
    })
    for (const { alias } of rows) this.#remember(id, alias, { value: values[alias] ?? null, updated })
    for (const alias of gone) this.#forget(id, alias)
  }

  async forget(id: string): Promise<void> {
    await this.#store.deleteFrom('mine').where('id', '=', id).execute()
    for (const alias of this.#values.keys()) this.#forget(id, alias)
  }

  #of(alias: string): ReadonlyMap<string, MineValue> {
    return this.#values.get(alias) ?? new Map()
  }

  #remember(id: string, alias: string, value: MineValue): void {
    const known = this.#values.get(alias) ?? new Map<string, MineValue>()
    this.#values.set(alias, known.set(id, value))
  }

  #forget(id: string, alias: string): void {
    this.#values.get(alias)?.delete(id)
  }
}

/** A reference to a secret is made by the compiler alone; one in a value would break, or betray, whoever uses it. */
function checkUnforged(id: string, values: Readonly<Record<string, Data>>): void {
  if (secretNames({ ...values }).size === 0 && !hasSecretMarker(JSON.stringify(values))) return
  throw new UserError('forged-secret', `A mine value of '${id}' holds a reference to a secret.`)
}
