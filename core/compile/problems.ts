import type { UserError } from '../errors.ts'
import { UserErrors, formatPlace, userErrorsOf } from '../errors.ts'

/** Collects what is wrong, so that a person sees all of it at once. */
export class Problems {
  readonly #errors = new Map<string, UserError>()
  readonly #warnings = new Map<string, UserError>()

  add(...errors: readonly UserError[]): void {
    for (const error of errors) this.#errors.set(identity(error), error)
  }

  warn(warning: UserError): void {
    this.#warnings.set(identity(warning), warning)
  }

  /** Runs a piece of work; what a person did wrong is collected, a bug goes on upwards. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (thrown) {
      const errors = userErrorsOf(thrown)
      if (errors === undefined) throw thrown
      this.add(...errors)
      return undefined
    }
  }

  get any(): boolean {
    return this.#errors.size > 0
  }

  get errors(): readonly UserError[] {
    return [...this.#errors.values()]
  }

  get warnings(): readonly UserError[] {
    return [...this.#warnings.values()]
  }

  throwIfAny(): void {
    if (this.any) throw new UserErrors([...this.#errors.values()])
  }
}

/** One mistake can be met in several ways, such as once for each of a declaration's names. */
function identity(error: UserError): string {
  return [error.code, error.message, error.at === undefined ? '' : formatPlace(error.at)].join('\n')
}
