import type { DataMap } from '../../core/data.ts'
import { userErrorsOf } from '../../core/errors.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { Catalog } from '../../core/module/module.ts'
import type { Desired } from '../../core/desired/desired.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { mineFunctionsOf } from './functions.ts'
import type { Mine } from './mine.ts'

export interface RefreshOptions {
  mine: Mine
  fleet: Fleet
  desired: Desired
  catalog: Catalog
  current: () => Snapshot
  /** Keeps the grains that a minion said. */
  hasGrains: (id: string, grains: DataMap) => Promise<void>
  warn: (text: string, fields: { minion: string; cause: string }) => void
}

/** How long a minion may take to call its functions, in milliseconds. */
const ANSWER_MS = 60_000
/** How often every connected minion is asked anew, in milliseconds. */
const EVERY_MS = 600_000

/** Asks minions for their grains and mine values: on `mine update`, when they connect, and from time to time. */
export class Refresh {
  readonly #options: RefreshOptions
  readonly #timer: NodeJS.Timeout

  constructor(options: RefreshOptions) {
    this.#options = options
    options.fleet.onConnect((id) => void this.#quietly(id))
    this.#timer = setInterval(() => {
      for (const id of options.fleet.connected().keys()) void this.#quietly(id)
    }, EVERY_MS)
    this.#timer.unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Throws what kept the minion from answering, as `UserError`s. */
  async refresh(id: string): Promise<void> {
    const { mine, fleet, desired, catalog, current, hasGrains } = this.#options
    const functions = mineFunctionsOf(desired.pillar(current(), id), catalog)
    const question = { grains: true, mine: functions }
    const answer = await fleet.ask(id, 'refresh', question, { timeoutMs: ANSWER_MS })
    if (answer.grains !== undefined) await hasGrains(id, answer.grains)
    await mine.put(id, Object.keys(functions), answer.mine)
  }

  /** For several at once: whom it worked for, and why not for the others. */
  async refreshAll(ids: readonly string[]): Promise<{ updated: string[]; failed: Record<string, string> }> {
    const failed: Record<string, string> = {}
    await Promise.all(
      ids.map(async (id) => {
        const cause = await this.#tried(id)
        if (cause !== undefined) failed[id] = cause
      }),
    )
    return { updated: ids.filter((id) => !Object.hasOwn(failed, id)), failed }
  }

  async #quietly(id: string): Promise<void> {
    const cause = await this.#tried(id)
    if (cause !== undefined) this.#options.warn('no values for the mine', { minion: id, cause })
  }

  async #tried(id: string): Promise<string | undefined> {
    try {
      await this.refresh(id)
      return undefined
    } catch (thrown) {
      // A bug met for one minion must not end the master: it is told like any other cause.
      const errors = userErrorsOf(thrown)
      if (errors !== undefined) return errors.map((error) => error.message).join(' ')
      return `a bug in Butler: ${thrown instanceof Error ? thrown.stack : String(thrown)}`
    }
  }
}
