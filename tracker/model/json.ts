import type { Data, DataMap } from '../../core/data.ts'
import type { Place } from '../../core/errors.ts'
import { UserError } from '../../core/errors.ts'

/**
 * Reads JSON and says where it is wrong, which Node's own reader often does not. A key that stands twice in one object is
 * an error too: one of the two would be lost.
 */
export function parseJson(text: string, file: string): Data {
  return new JsonReader(text, file).read()
}

const SPACE = /[ \t\n\r]*/uy
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy // oxlint-disable-line no-control-regex
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy
const PIECE = /[^\s,:{}[\]]+|./suy

class JsonReader {
  readonly #text: string
  readonly #file: string
  #at = 0

  constructor(text: string, file: string) {
    this.#text = text.replace(/^\uFEFF/u, '')
    this.#file = file
  }

  read(): Data {
    const value = this.#value()
    this.#take(SPACE)
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file')
    return value
  }

  #value(): Data {
    this.#take(SPACE)
    if (this.#text[this.#at] === '{') return this.#object()
    if (this.#text[this.#at] === '[') return this.#list()
    const scalar = this.#take(STRING) ?? this.#take(SCALAR)
    if (scalar === undefined) throw this.#unexpected('a value')
    return JSON.parse(scalar)
  }

  #object(): DataMap {
    const entries = new Map<string, Data>()
    this.#items('}', () => {
      const start = this.#at
      const written = this.#take(STRING)
      if (written === undefined) throw this.#unexpected('a name in double quotes')
      const key = String(JSON.parse(written))
      if (entries.has(key)) {
        const message = `'${key}' stands twice in the same object.`
        throw new UserError('double-key', message, { hint: 'Remove one of the two.', at: this.#place(start) })
      }
      this.#take(SPACE)
      this.#expect(':')
      entries.set(key, this.#value())
    })
    return Object.fromEntries(entries)
  }

  #list(): Data[] {
    const items: Data[] = []
    this.#items(']', () => items.push(this.#value()))
    return items
  }

  /** From the opening mark, which is there, to the closing one. */
  #items(close: string, readItem: () => void): void {
    this.#at++
    this.#take(SPACE)
    if (this.#text[this.#at] === close) {
      this.#at++
      return
    }
    for (;;) {
      this.#take(SPACE)
      readItem()
      this.#take(SPACE)
      if (this.#text[this.#at] === close) {
        this.#at++
        return
      }
      if (this.#text[this.#at] !== ',') throw this.#unexpected(`a comma or ${close}`)
      this.#at++
    }
  }

  #expect(mark: string): void {
    if (this.#text[this.#at] !== mark) throw this.#unexpected(`'${mark}'`)
    this.#at++
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    this.#at += found?.length ?? 0
    return found
  }

  #unexpected(wanted: string): UserError {
    const at = this.#place(this.#at)
    const found = this.#take(PIECE)
    const seen = found === undefined ? 'the file ends' : `there is '${found.slice(0, 40)}'`
    return new UserError('bad-json', `This is not JSON: ${seen} where ${wanted} should be.`, { at })
  }

  #place(offset: number): Place {
    const before = this.#text.slice(0, offset).split('\n')
    return { file: this.#file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
}
