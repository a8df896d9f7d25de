import { createHash } from 'node:crypto'
import type { JobMessage, StateWork } from '../../core/protocol/messages.ts'

export type StateJob = JobMessage & { work: StateWork }

/** A state run that waits for its turn, and those that ask for exactly the same: one run answers all of them. */
export interface Waiting {
  job: StateJob
  same: StateJob[]
}

/** State runs in the order in which they came. Memory only: they hold secrets. */
export class Queue {
  #waiting: Waiting[] = []

  get length(): number {
    return this.#waiting.length
  }

  /** Adds it behind the others, or beside one that is the same. Answers its place, from 1. */
  add(job: StateJob): number {
    const key = keyOf(job)
    const index = this.#waiting.findIndex((waiting) => keyOf(waiting.job) === key)
    if (index < 0) return this.#waiting.push({ job, same: [] })
    this.#waiting[index]?.same.push(job)
    return index + 1
  }

  next(): Waiting | undefined {
    return this.#waiting.shift()
  }

  /** Takes one out; those that wait beside it keep its place. */
  remove(jid: string): boolean {
    const before = this.jids().length
    this.#waiting = this.#waiting.flatMap(({ job, same }) => {
      const [first, ...rest] = [job, ...same].filter((each) => each.jid !== jid)
      return first === undefined ? [] : [{ job: first, same: rest }]
    })
    return this.jids().length < before
  }

  /** The place of a job, from 1; 0 when it does not wait. */
  position(jid: string): number {
    return this.#waiting.findIndex(({ job, same }) => [job, ...same].some((each) => each.jid === jid)) + 1
  }

  jids(): string[] {
    return this.#waiting.flatMap(({ job, same }) => [job.jid, ...same.map((each) => each.jid)])
  }
}

/** Equal for jobs that would do the same: the same work with the same secrets in the same time. */
function keyOf(job: StateJob): string {
  return createHash('sha256')
    .update(JSON.stringify([job.work, job.secrets, job.runMs]))
    .digest('hex')
}
