import type { Place } from '../../errors.ts'
import type { LineStarts, MappedText, Marked } from '../../text/mapped.ts'
import type { Budget } from './budget.ts'
import { lastAtOrBelow, mark } from '../../text/mapped.ts'

/** A template whose text is rendered: the whole, or a partial of it. */
export interface Origin {
  /** How errors name it. */
  file: string
  lines: LineStarts
}

interface Source {
  origin: Origin
  /** Where in the origin. */
  offset: number
  /** Whether offsets inside the piece run along with the origin's. */
  along: boolean
}

/** Collects rendered text, and where in which template each piece of it comes from. */
export class Output {
  readonly #pieces: string[] = []
  readonly #starts: number[] = []
  readonly #sources: Source[] = []
  readonly #marked: Marked[] = []
  readonly #budget: Budget
  #length = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Where a template writes. */
  from(origin: Origin): Writer {
    return new Writer(this, origin)
  }

  push(text: string, source: Source): void {
    if (text === '') return
    this.#budget.write(text.length, () => placeIn(source.origin, source.offset))
    this.#pieces.push(text)
    this.#starts.push(this.#length)
    this.#sources.push(source)
    this.#length += text.length
  }

  /** What stands for the value until the text is read. */
  keep(value: Marked): string {
    this.#marked.push(value)
    return mark(this.#marked.length - 1)
  }

  /** True where the next character begins a line. */
  get isAtLineStart(): boolean {
    return this.#pieces.at(-1)?.endsWith('\n') !== false
  }

  text(): string {
    return this.#pieces.join('')
  }

  mapped(origin: Origin): MappedText {
    return {
      file: origin.file,
      text: this.text(),
      place: (offset) => this.#place(offset, origin),
      marked: this.#marked,
    }
  }

  #place(offset: number, whole: Origin): Place {
    const index = lastAtOrBelow(this.#starts, offset)
    const source = this.#sources[index]
    if (source === undefined) return placeIn(whole, 0)
    const inside = source.along ? offset - (this.#starts[index] ?? 0) : 0
    return placeIn(source.origin, source.offset + inside)
  }
}

/** Writes what one template renders; each of its lines begins with the indentation that it was given. */
export class Writer {
  readonly #output: Output
  readonly #origin: Origin
  readonly #indentation: string

  constructor(output: Output, origin: Origin, indentation = '') {
    this.#output = output
    this.#origin = origin
    this.#indentation = indentation
  }

  /** Where a partial writes that was asked for here. */
  partial(origin: Origin, indent: string): Writer {
    return new Writer(this.#output, origin, this.#indentation + indent)
  }

  /** The template's own text. */
  literal(text: string, offset: number): void {
    this.#write(text, offset, true)
  }

  /** Text that a helper has laid out. */
  raw(text: string, offset: number): void {
    this.#write(text, offset, false)
  }

  /** A value that must not change the structure around it. */
  value(value: Marked, offset: number): void {
    this.#write(this.#output.keep(value), offset, false)
  }

  #write(text: string, offset: number, along: boolean): void {
    const origin = this.#origin
    if (this.#indentation === '') return this.#output.push(text, { origin, offset, along })
    let at = 0
    for (const line of text.split(/(?<=\n)/u)) {
      const source = { origin, offset: along ? offset + at : offset, along }
      if (this.#output.isAtLineStart && line.trim() !== '') {
        this.#output.push(this.#indentation, { ...source, along: false })
      }
      this.#output.push(line, source)
      at += line.length
    }
  }
}

function placeIn({ file, lines }: Origin, offset: number): Place {
  return { file, ...lines.position(offset) }
}
