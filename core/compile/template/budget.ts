import type { Place } from '../../errors.ts'
import { UserError } from '../../errors.ts'

/** More of either is a loop that got out of hand. */
const MAX_STEPS = 1_000_000
const MAX_CHARACTERS = 8 * 1024 * 1024

/** Bounds what rendering one template may cost. */
export class Budget {
  #steps = 0
  #characters = 0

  /** True once it is used up: then nothing more is rendered. */
  get isSpent(): boolean {
    return this.#steps > MAX_STEPS || this.#characters > MAX_CHARACTERS
  }

  /** Throws a `UserError` in the step that is too much. */
  step(at: Place): void {
    this.#steps++
    if (this.#steps > MAX_STEPS) throw tooLarge(`takes more than ${MAX_STEPS} steps to render`, at)
  }

  write(characters: number, at: () => Place): void {
    this.#characters += characters
    if (this.#characters > MAX_CHARACTERS) throw tooLarge(`renders to more than ${MAX_CHARACTERS} characters`, at())
  }
}

function tooLarge(what: string, at: Place): UserError {
  return new UserError('template-too-large', `${at.file} ${what}.`, { hint: 'Look for loops inside loops.', at })
}
