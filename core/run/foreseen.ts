import type { Made } from '../module/change.ts'

/** What the pending changes of a plan would make exist, and whose they are. */
export class Foreseen {
  readonly #makers = new Map<string, Set<string>>()

  /** The chunk with this id would make these. */
  add(made: readonly Made[], id: string): void {
    for (const one of made) {
      const key = keyOf(one)
      const makers = this.#makers.get(key) ?? new Set()
      this.#makers.set(key, makers.add(id))
    }
  }

  /** Ids of the chunks that would make exactly this. */
  makersOf(made: Made): string[] {
    return [...(this.#makers.get(keyOf(made)) ?? [])]
  }

  /** Ids of the chunks that would make this, or may: a package or a command can make anything. */
  possibleMakersOf(made: Made): string[] {
    return [...new Set([...this.makersOf(made), ...this.makersOf('anything')])]
  }
}

function keyOf(made: Made): string {
  if (made === 'anything') return made
  const name = made.kind === 'path' && made.name !== '/' ? made.name.replace(/\/+$/u, '') : made.name
  return `${made.kind} ${name}`
}

/** Ends the planning of a state that needs what an earlier change of the same plan would make. */
export class Pending extends Error {
  override readonly name = 'Pending'
  /** Ids of the chunks that come first. Never empty. */
  readonly by: readonly string[]

  constructor(by: readonly string[]) {
    super(`would change, after ${by.join(', ')}`)
    this.by = by
  }
}
