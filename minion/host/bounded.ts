/** Collects a program's output without ever holding more than `limit` bytes: the beginning and the end are kept. */
export class BoundedText {
  readonly #half: number
  readonly #head: Buffer[] = []
  readonly #tail: Buffer[] = []
  #headBytes = 0
  #tailBytes = 0
  #dropped = 0

  constructor(limit: number) {
    this.#half = Math.ceil(limit / 2)
  }

  add(piece: Buffer): void {
    const room = this.#half - this.#headBytes
    if (room > 0) {
      this.#head.push(piece.subarray(0, room))
      this.#headBytes += Math.min(piece.length, room)
    }
    if (piece.length > room) this.#addTail(piece.subarray(Math.max(0, room)))
  }

  toString(): string {
    const head = Buffer.concat(this.#head)
    const tail = Buffer.concat(this.#tail)
    if (this.#dropped === 0) return Buffer.concat([head, tail]).toString()
    return `${head.toString()}\n[${this.#dropped} bytes are left out here]\n${tail.toString()}`
  }

  #addTail(piece: Buffer): void {
    this.#tail.push(piece)
    this.#tailBytes += piece.length
    while (this.#tailBytes > this.#half) {
      const [first] = this.#tail
      if (first === undefined) return
      const excess = this.#tailBytes - this.#half
      const cut = Math.min(excess, first.length)
      if (cut === first.length) this.#tail.shift()
      else this.#tail[0] = first.subarray(cut)
      this.#tailBytes -= cut
      this.#dropped += cut
    }
  }
}
