/** Remembers what was made of a text, up to so many characters of text; the least lately used is forgotten. */
export class Memory<T> {
  readonly #maxCharacters: number
  readonly #known = new Map<string, T>()
  #characters = 0

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters
  }

  /** What `make` throws is not remembered. */
  get(text: string, make: () => T): T {
    const known = this.#known.get(text)
    if (known !== undefined) {
      this.#known.delete(text)
      this.#known.set(text, known)
      return known
    }
    const made = make()
    this.#known.set(text, made)
    this.#characters += text.length
    this.#forget()
    return made
  }

  #forget(): void {
    for (const text of this.#known.keys()) {
      if (this.#characters <= this.#maxCharacters) return
      this.#known.delete(text)
      this.#characters -= text.length
    }
  }
}
