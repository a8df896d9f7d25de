import type { OpenTarget } from './open.ts'

/** All targets that have not ended, by minion and by jid. */
export class OpenTargets {
  readonly #byId = new Map<string, Map<string, OpenTarget>>()

  get(id: string, jid: string): OpenTarget | undefined {
    return this.#byId.get(id)?.get(jid)
  }

  has(target: OpenTarget): boolean {
    return this.get(target.id, target.jid) === target
  }

  /** Those of one minion, oldest first. */
  of(id: string): OpenTarget[] {
    return [...(this.#byId.get(id)?.values() ?? [])]
  }

  ofJob(jid: string): OpenTarget[] {
    return [...this.#byId.values()].flatMap((byJid) => byJid.get(jid) ?? [])
  }

  all(): OpenTarget[] {
    return [...this.#byId.values()].flatMap((byJid) => [...byJid.values()])
  }

  add(target: OpenTarget): void {
    const byJid = this.#byId.get(target.id) ?? new Map<string, OpenTarget>()
    this.#byId.set(target.id, byJid.set(target.jid, target))
  }

  /** Its timer goes with it. */
  remove(target: OpenTarget): void {
    clearTimeout(target.timer)
    const byJid = this.#byId.get(target.id)
    byJid?.delete(target.jid)
    if (byJid?.size === 0) this.#byId.delete(target.id)
  }
}
