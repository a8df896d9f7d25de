import { z } from 'zod'
import type { DataMap } from '../../core/data.ts'
import type { Hello } from '../../core/protocol/messages.ts'
import type { Store } from '../store/store.ts'
import type { MinionRow } from './tables.ts'

const grains = z.custom<DataMap>()
const texts = z.array(z.string())

/** What a minion said about itself last, be it connected or not. */
export interface KnownMinion {
  version: string
  catalog: string
  functions: readonly string[]
  /** As it claims them: the master overwrites `roles` before anybody uses them. */
  grains: DataMap
  address: string
  /** Milliseconds since 1970. */
  seen: number
}

/** All minions that were ever connected and are still accepted; in memory, and the same in the database. */
export class Minions {
  readonly #store: Store
  readonly #now: () => number
  readonly #known: Map<string, KnownMinion>

  private constructor(store: Store, now: () => number, rows: readonly MinionRow[]) {
    this.#store = store
    this.#now = now
    this.#known = new Map(rows.map((row) => [row.id, fromRow(row)]))
  }

  static async open(store: Store, now: () => number): Promise<Minions> {
    return new Minions(store, now, await store.selectFrom('minions').selectAll().execute())
  }

  get(id: string): KnownMinion | undefined {
    return this.#known.get(id)
  }

  async said(id: string, hello: Hello, address: string): Promise<void> {
    const minion = {
      version: hello.version,
      catalog: hello.catalog,
      functions: hello.functions,
      grains: hello.grains,
      address,
      seen: this.#now(),
    }
    this.#known.set(id, minion)
    const row = { ...minion, functions: JSON.stringify(minion.functions), grains: JSON.stringify(minion.grains) }
    await this.#store
      .replaceInto('minions')
      .values({ id, ...row })
      .execute()
  }

  async hasGrains(id: string, fresh: DataMap): Promise<void> {
    const minion = this.#known.get(id)
    if (minion === undefined) return
    this.#known.set(id, { ...minion, grains: fresh })
    await this.#store
      .updateTable('minions')
      .set({ grains: JSON.stringify(fresh) })
      .where('id', '=', id)
      .execute()
  }

  async left(id: string): Promise<void> {
    const minion = this.#known.get(id)
    if (minion === undefined) return
    const seen = this.#now()
    this.#known.set(id, { ...minion, seen })
    await this.#store.updateTable('minions').set({ seen }).where('id', '=', id).execute()
  }

  async forget(id: string): Promise<void> {
    this.#known.delete(id)
    await this.#store.deleteFrom('minions').where('id', '=', id).execute()
  }
}

function fromRow(row: MinionRow): KnownMinion {
  return {
    version: row.version,
    catalog: row.catalog,
    functions: texts.parse(JSON.parse(row.functions)),
    grains: grains.parse(JSON.parse(row.grains)),
    address: row.address,
    seen: row.seen,
  }
}
