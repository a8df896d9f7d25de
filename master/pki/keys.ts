import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { KeyLine } from '../api/contract.ts'
import type { Store } from '../store/store.ts'
import type { KeyRow } from './tables.ts'

const names = z.array(z.string())

/** Those of strangers that are kept; more of them are turned away until somebody has looked. */
const MAX_WAITING = 1000

/**
 * Which public key stands for which minion. Who is accepted is also in memory, because every connection and every
 * request asks for it; the database says the same at every moment.
 */
export class Keys {
  readonly #store: Store
  readonly #accepted = new Map<string, { fingerprint: string; roles: readonly string[] }>()
  readonly #onGone: ((id: string, cause: string) => void)[] = []

  private constructor(store: Store, rows: readonly KeyRow[]) {
    this.#store = store
    for (const row of rows) this.#remember(row)
  }

  static async open(store: Store): Promise<Keys> {
    return new Keys(store, await store.selectFrom('keys').selectAll().where('state', '=', 'accepted').execute())
  }

  /** Whether a connection with this key may speak for this id. */
  isAccepted(id: string, fingerprint: string): boolean {
    return this.#accepted.get(id)?.fingerprint === fingerprint
  }

  /** The ids of all that may connect, sorted. */
  ids(): string[] {
    return [...this.#accepted.keys()].sort()
  }

  /** The roles that came with the join token. */
  tokenRoles(id: string): readonly string[] {
    return this.#accepted.get(id)?.roles ?? []
  }

  /** Called when a minion's key stops being good. */
  onGone(listener: (id: string, cause: string) => void): void {
    this.#onGone.push(listener)
  }

  async of(id: string): Promise<KeyRow[]> {
    return this.#store.selectFrom('keys').selectAll().where('id', '=', id).orderBy('created').execute()
  }

  async list(): Promise<KeyRow[]> {
    return this.#store.selectFrom('keys').selectAll().orderBy('id').orderBy('created').execute()
  }

  /** Keeps a request that the operator must decide about; false when too many wait already. */
  async keepWaiting(row: KeyRow): Promise<boolean> {
    const { count } = await this.#store
      .selectFrom('keys')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('state', 'in', ['pending', 'denied'])
      .executeTakeFirstOrThrow()
    if (count >= MAX_WAITING) return false
    await this.#store
      .insertInto('keys')
      .values(row)
      .onConflict((conflict) => conflict.columns(['id', 'fingerprint']).doUpdateSet({ state: row.state }))
      .execute()
    return true
  }

  async isTaken(transaction: Store, id: string): Promise<boolean> {
    const row = await transaction
      .selectFrom('keys')
      .select('id')
      .where('id', '=', id)
      .where('state', 'in', ['accepted', 'revoked'])
      .executeTakeFirst()
    return row !== undefined
  }

  /** Makes this key the minion's; other keys that were tried under its id become denied. */
  async admit(transaction: Store, row: KeyRow): Promise<void> {
    await transaction.updateTable('keys').set({ state: 'denied' }).where('id', '=', row.id).execute()
    await transaction
      .replaceInto('keys')
      .values({ ...row, state: 'accepted' })
      .execute()
  }

  /** To be called once the transaction of `admit` is through. */
  admitted(row: KeyRow): void {
    const before = this.#accepted.get(row.id)
    this.#remember(row)
    if (before !== undefined && before.fingerprint !== row.fingerprint) this.#gone(row.id, 'its key was replaced')
  }

  async certified(id: string, fingerprint: string, expires: number): Promise<void> {
    await this.#store
      .updateTable('keys')
      .set({ expires })
      .where('id', '=', id)
      .where('fingerprint', '=', fingerprint)
      .execute()
  }

  /** The operator's yes. Without a fingerprint only one key may be waiting. */
  async accept(id: string, fingerprint?: string): Promise<KeyRow> {
    const rows = await this.#known(id)
    const row = chosen(id, rows, fingerprint)
    if (row.state === 'accepted') return row
    await this.#store.transaction().execute((transaction) => this.admit(transaction, row))
    this.admitted(row)
    return { ...row, state: 'accepted' }
  }

  /** Ends the minion's connection at once; its key stays known, so that it can't come back under this id. */
  async revoke(id: string): Promise<KeyRow> {
    const rows = await this.#known(id)
    const row = rows.find((each) => each.state === 'accepted') ?? rows.find((each) => each.state === 'revoked')
    if (row === undefined) {
      throw new UserError('not-accepted', `'${id}' has no accepted key that could be revoked.`, {
        hint: `'butler-master keys delete ${id}' forgets its request.`,
      })
    }
    await this.#store
      .updateTable('keys')
      .set({ state: 'revoked' })
      .where('id', '=', id)
      .where('fingerprint', '=', row.fingerprint)
      .execute()
    this.#forget(id, 'its key was revoked')
    return { ...row, state: 'revoked' }
  }

  /** Forgets all keys of an id: whoever enrols next under it is new. */
  async delete(id: string): Promise<void> {
    await this.#known(id)
    await this.#store.deleteFrom('keys').where('id', '=', id).execute()
    this.#forget(id, 'its key was deleted')
  }

  #remember(row: KeyRow): void {
    this.#accepted.set(row.id, { fingerprint: row.fingerprint, roles: names.parse(JSON.parse(row.roles)) })
  }

  #forget(id: string, cause: string): void {
    if (this.#accepted.delete(id)) this.#gone(id, cause)
  }

  #gone(id: string, cause: string): void {
    for (const listener of this.#onGone) listener(id, cause)
  }

  async #known(id: string): Promise<KeyRow[]> {
    const rows = await this.of(id)
    if (rows.length > 0) return rows
    const ids = await this.#store.selectFrom('keys').select('id').distinct().execute()
    const hint =
      suggest(
        id,
        ids.map((row) => row.id),
      ) ?? "'butler-master keys' lists all."
    throw new UserError('unknown-key', `No key of '${id}' is known.`, { hint })
  }
}

function chosen(id: string, rows: readonly KeyRow[], fingerprint: string | undefined): KeyRow {
  if (fingerprint !== undefined) {
    const named = rows.filter((row) => row.fingerprint.startsWith(fingerprint.toLowerCase()))
    if (named[0] !== undefined && named.length === 1) return named[0]
    throw new UserError('unknown-key', `'${id}' has no key with the fingerprint ${fingerprint}.`, {
      hint: `There is: ${rows.map((row) => row.fingerprint).join(', ')}.`,
    })
  }
  const waiting = rows.filter((row) => row.state === 'pending')
  const accepted = rows.find((row) => row.state === 'accepted')
  const [row] = waiting.length === 0 && accepted !== undefined ? [accepted] : waiting
  const denied = rows.find((each) => each.state === 'denied')
  if (row !== undefined && waiting.length < 2 && (row.state === 'pending' || denied === undefined)) return row
  throw new UserError('which-key', `'${id}' has no single key that waits for an answer.`, {
    hint: `Accept one by its fingerprint: ${rows.map((each) => `${each.fingerprint} (${each.state})`).join(', ')}.`,
  })
}

/** As operators see it. `mapped` are the roles that the role mapping gives to the id. */
export function keyLine(row: KeyRow, mapped: readonly string[]): KeyLine {
  return {
    id: row.id,
    state: row.state,
    fingerprint: row.fingerprint,
    roles: [...new Set([...mapped, ...names.parse(JSON.parse(row.roles))])].sort(),
    expires: row.expires === null ? null : new Date(row.expires).toISOString(),
  }
}
