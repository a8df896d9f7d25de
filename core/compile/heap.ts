/** A queue that gives the least item first. */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #before: (one: T, other: T) => boolean

  constructor(before: (one: T, other: T) => boolean) {
    this.#before = before
  }

  push(item: T): void {
    const items = this.#items
    items.push(item)
    let index = items.length - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      if (!this.#swapIfBefore(index, above)) return
      index = above
    }
  }

  pop(): T | undefined {
    const items = this.#items
    const least = items[0]
    const last = items.pop()
    if (items.length > 0 && last !== undefined) {
      items[0] = last
      this.#sink()
    }
    return least
  }

  #sink(): void {
    let index = 0
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2]
      const lesser = this.#isBefore(right, left) ? right : left
      if (!this.#swapIfBefore(lesser, index)) return
      index = lesser
    }
  }

  #swapIfBefore(index: number, other: number): boolean {
    const items = this.#items
    const [one, two] = [items[index], items[other]]
    if (one === undefined || two === undefined || !this.#before(one, two)) return false
    items[index] = two
    items[other] = one
    return true
  }

  #isBefore(index: number, other: number): boolean {
    const [one, two] = [this.#items[index], this.#items[other]]
    return one !== undefined && two !== undefined && this.#before(one, two)
  }
}
