import type { Resources } from '../../model/workflow.ts'

interface Waiting {
  wants: Resources
  start: () => void
}

/** What this machine gives to tasks. They get it in the order in which they ask. */
export class Slots {
  readonly #all: Resources
  #free: Resources
  readonly #waiting: Waiting[] = []

  constructor(all: Resources) {
    this.#all = all
    this.#free = { ...all }
  }

  /** Runs the work when there is room for it. More processors than there are count as all of them. */
  async use<Result>(wants: Resources, work: () => Promise<Result>): Promise<Result> {
    const takes = { cpus: Math.min(wants.cpus, this.#all.cpus), memory: Math.min(wants.memory, this.#all.memory) }
    await this.#take(takes)
    try {
      return await work()
    } finally {
      this.#free = { cpus: this.#free.cpus + takes.cpus, memory: this.#free.memory + takes.memory }
      this.#next()
    }
  }

  #take(wants: Resources): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ wants, start: resolve })
    this.#next()
    return promise
  }

  #next(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#fits(first.wants); first = this.#waiting[0]) {
      this.#waiting.shift()
      this.#free = { cpus: this.#free.cpus - first.wants.cpus, memory: this.#free.memory - first.wants.memory }
      first.start()
    }
  }

  #fits(wants: Resources): boolean {
    return wants.cpus <= this.#free.cpus && wants.memory <= this.#free.memory
  }
}
