import { z } from 'zod'
import type { DataMap } from '../../core/data.ts'
import type { Hello } from '../../core/protocol/messages.ts'
import type { Store } from '../store/store.ts'
import type { Writer } from '../store/writer.ts'
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
  readonly #writer: Writer
  readonly #now: () => number
  readonly #known: Map<string, KnownMinion>

  private constructor(writer: Writer, now: () => number, rows: readonly MinionRow[]) {
    this.#writer = writer
    this.#now = now
    this.#known = new Map(rows.map((row) => [row.id, fromRow(row)]))
  }

  static async open(store: Store, writer: Writer, now: () => number): Promise<Minions> {
    return new Minions(writer, now, await store.selectFrom('minions').selectAll().execute())
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
    await this.#writer.write(async (transaction) => {
      await transaction
        .replaceInto('minions')
        .values({ id, ...row })
        .execute()
    })
  }

  async hasGrains(id: string, fresh: DataMap): Promise<void> {
    const minion = this.#known.get(id)
    if (minion === undefined) return
    this.#known.set(id, { ...minion, grains: fresh })
    await this.#update(id, { grains: JSON.stringify(fresh) })
  }

  async left(id: string): Promise<void> {
    const minion = this.#known.get(id)
    if (minion === undefined) return
    const seen = this.#now()
    this.#known.set(id, { ...minion, seen })
    await this.#update(id, { seen })
  }

  async forget(id: string): Promise<void> {
    this.#known.delete(id)
    await this.#writer.write((transaction) => transaction.deleteFrom('minions').where('id', '=', id).execute())
  }

  async #update(id: string, row: Partial<MinionRow>): Promise<void> {
    await this.#writer.write((transaction) =>
      transaction.updateTable('minions').set(row).where('id', '=', id).execute(),
    )
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
