import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import { matchesGlob } from '../../core/target/glob.ts'
import type { TokenInput, TokenLine } from '../api/contract.ts'
import type { Store } from '../store/store.ts'
import type { TokenRow } from './tables.ts'

const names = z.array(z.string())

/** What a token that somebody showed is good for. */
export type TokenCheck = { name: string; roles: string[] } | { wrong: 'id' | 'token'; reason: string }

/** Join tokens. The text of one is known only to whom it was shown; here is its digest. */
export class Tokens {
  readonly #store: Store
  readonly #now: () => number

  constructor(store: Store, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** The token's text comes out this once. */
  async create(input: TokenInput): Promise<{ name: string; token: string }> {
    if (input.ids.length === 0) {
      throw new UserError('no-ids', 'A join token must say which ids it may enrol.', {
        hint: "Name them as globs: --id 'worker-*'.",
      })
    }
    const name = randomBytes(4).toString('hex')
    // The name goes along, so that a token in a log or an error can be found in `tokens list`.
    const token = `${name}.${randomBytes(24).toString('base64url')}`
    const row: TokenRow = {
      name,
      digest: digestOf(token),
      ids: JSON.stringify(input.ids),
      roles: JSON.stringify([...new Set(input.roles)].sort()),
      uses_left: input.uses,
      expires: this.#now() + input.expiresMs,
      revoked: 0,
    }
    await this.#store.insertInto('tokens').values(row).execute()
    return { name, token }
  }

  async list(): Promise<TokenLine[]> {
    const rows = await this.#store
      .selectFrom('tokens')
      .selectAll()
      .where('revoked', '=', 0)
      .orderBy('expires')
      .execute()
    return rows.map((row) => ({
      name: row.name,
      ids: names.parse(JSON.parse(row.ids)),
      roles: names.parse(JSON.parse(row.roles)),
      usesLeft: row.uses_left,
      expires: new Date(row.expires).toISOString(),
    }))
  }

  async revoke(name: string): Promise<void> {
    const { numUpdatedRows } = await this.#store
      .updateTable('tokens')
      .set({ revoked: 1 })
      .where('name', '=', name)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) return
    const known = await this.list()
    const hint =
      suggest(
        name,
        known.map((token) => token.name),
      ) ?? "'butler-master tokens list' shows them."
    throw new UserError('unknown-token', `There is no join token named '${name}'.`, { hint })
  }

  /** Whether this token may enrol this id right now. Uses nothing up. */
  async check(token: string, id: string): Promise<TokenCheck> {
    const row = await this.#store
      .selectFrom('tokens')
      .selectAll()
      .where('digest', '=', digestOf(token))
      .executeTakeFirst()
    if (row === undefined) return { wrong: 'token', reason: 'the join token is not known' }
    if (row.revoked === 1) return { wrong: 'token', reason: `the join token ${row.name} was revoked` }
    if (row.expires <= this.#now()) return { wrong: 'token', reason: `the join token ${row.name} has expired` }
    if (row.uses_left < 1) return { wrong: 'token', reason: `the join token ${row.name} is used up` }
    const ids = names.parse(JSON.parse(row.ids))
    if (!ids.some((glob) => matchesGlob(id, glob))) {
      return { wrong: 'id', reason: `the join token ${row.name} is for ${ids.join(', ')}` }
    }
    return { name: row.name, roles: names.parse(JSON.parse(row.roles)) }
  }

  /** Uses it up by one, inside the caller's transaction; false when somebody else was faster. */
  async spend(transaction: Store, name: string): Promise<boolean> {
    const { numUpdatedRows } = await transaction
      .updateTable('tokens')
      .set((row) => ({ uses_left: row('uses_left', '-', 1) }))
      .where('name', '=', name)
      .where('uses_left', '>', 0)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
