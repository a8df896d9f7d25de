import type { Place } from '../../errors.ts'
import type { LineStarts, MappedText, Marked } from '../../text/mapped.ts'
import type { Budget } from './budget.ts'
import { lastAtOrBelow, mark } from '../../text/mapped.ts'

/** Collects rendered text, and where in the template each piece of it comes from. */
export class Output {
  readonly #file: string
  readonly #lines: LineStarts
  readonly #pieces: string[] = []
  readonly #starts: number[] = []
  /** For each piece its offset in the template, and whether offsets inside it run along with the template's. */
  readonly #sources: { offset: number; along: boolean }[] = []
  readonly #marked: Marked[] = []
  readonly #budget: Budget
  #length = 0

  constructor(file: string, lines: LineStarts, budget: Budget) {
    this.#budget = budget
    this.#file = file
    this.#lines = lines
  }

  /** The template's own text. */
  literal(text: string, offset: number): void {
    this.#push(text, { offset, along: true })
  }

  /** Text that a helper has laid out. */
  raw(text: string, offset: number): void {
    this.#push(text, { offset, along: false })
  }

  /** A value that must not change the structure around it. */
  value(value: Marked, offset: number): void {
    this.#push(mark(this.#marked.length), { offset, along: false })
    this.#marked.push(value)
  }

  #push(text: string, source: { offset: number; along: boolean }): void {
    if (text === '') return
    this.#budget.write(text.length, () => this.#placeAt(source.offset))
    this.#pieces.push(text)
    this.#starts.push(this.#length)
    this.#sources.push(source)
    this.#length += text.length
  }

  text(): string {
    return this.#pieces.join('')
  }

  mapped(): MappedText {
    return { file: this.#file, text: this.text(), place: (offset) => this.#place(offset), marked: this.#marked }
  }

  #place(offset: number): Place {
    const index = lastAtOrBelow(this.#starts, offset)
    const source = this.#sources[index]
    if (source === undefined) return this.#placeAt(0)
    return this.#placeAt(source.along ? source.offset + offset - (this.#starts[index] ?? 0) : source.offset)
  }

  #placeAt(offset: number): Place {
    return { file: this.#file, ...this.#lines.position(offset) }
  }
}
