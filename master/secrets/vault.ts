import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Store } from '../store/store.ts'
import { randomSecret, seal, unseal } from './seal.ts'

export interface SecretLine {
  name: string
  /** ISO 8601. */
  made: string
  /** `operator` or `first use`. */
  by: string
}

/** In characters. */
const MAX_VALUE = 65_536

/** All secrets, encrypted in the database. A name that nobody has set gets a random value when it is first used. */
export class Vault {
  readonly #store: Store
  readonly #key: Buffer
  readonly #now: () => number

  constructor(store: Store, key: Buffer, now: () => number) {
    this.#store = store
    this.#key = key
    this.#now = now
  }

  /** The values of these secrets, by name; makes what is not there. */
  async values(names: readonly string[]): Promise<Record<string, string>> {
    const known = await Promise.all(names.map(async (name) => [name, await this.#value(name)] as const))
    return Object.fromEntries(known)
  }

  async list(): Promise<SecretLine[]> {
    const rows = await this.#store.selectFrom('secrets').select(['name', 'made', 'by']).orderBy('name').execute()
    return rows.map((row) => ({ ...row, made: new Date(row.made).toISOString() }))
  }

  async set(name: string, value: string, by: string): Promise<void> {
    checkName(name)
    if (value === '') throw new UserError('empty-secret', `The value of '${name}' is empty.`)
    if (value.length > MAX_VALUE) {
      throw new UserError('secret-too-large', `The value of '${name}' is longer than ${MAX_VALUE} characters.`)
    }
    const row = { name, sealed: seal(this.#key, name, value), made: this.#now(), by }
    await this.#store.replaceInto('secrets').values(row).execute()
  }

  async delete(name: string): Promise<void> {
    const { numDeletedRows } = await this.#store.deleteFrom('secrets').where('name', '=', name).executeTakeFirst()
    if (numDeletedRows > 0) return
    const names = (await this.list()).map((line) => line.name)
    throw new UserError('unknown-secret', `There is no secret '${name}'.`, { hint: suggest(name, names) })
  }

  async #value(name: string): Promise<string> {
    return (await this.#read(name)) ?? this.#make(name)
  }

  /** Two that use a name first at the same moment get the same value: the row of one of them stays. */
  async #make(name: string): Promise<string> {
    checkName(name)
    const row = { name, sealed: seal(this.#key, name, randomSecret(name)), made: this.#now(), by: 'first use' }
    await this.#store
      .insertInto('secrets')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const value = await this.#read(name)
    if (value === undefined) throw new Error(`The secret '${name}' was deleted while it was made.`)
    return value
  }

  async #read(name: string): Promise<string | undefined> {
    const row = await this.#store.selectFrom('secrets').select('sealed').where('name', '=', name).executeTakeFirst()
    if (row === undefined) return undefined
    try {
      return unseal(this.#key, name, row.sealed)
    } catch (cause) {
      throw new UserError('secret-unreadable', `The secret '${name}' can't be decrypted with the key of this master.`, {
        hint: `Bring back pki/secrets.key from a backup, or set it anew: butler-master secrets set ${name}.`,
        cause,
      })
    }
  }
}

function checkName(name: string): void {
  if (/^\w[\w./@-]{0,199}$/u.test(name)) return
  throw new UserError('bad-secret-name', `'${name.slice(0, 200)}' can't be a secret's name.`, {
    hint: "Use letters, digits, dots, slashes, dashes and underscores, such as 'postgres/butler_admin'.",
  })
}
