import type { ChunkResult } from '../../core/run/result.ts'
import { formatDuration } from '../../core/text/duration.ts'
import type { JobEvent } from '../jobs/jobs.ts'

/** How often it says who is still waited for while nothing else is to be said, in milliseconds. */
const QUIET_MS = 10_000
/** How many minions a line names. */
const NAMED = 5

interface Doing {
  what: string
  since: number
}

/** Tells a person what happens in a job: changes and failures as they come, ends, and who is still waited for. */
export class Progress {
  readonly #note: (text: string) => void
  readonly #open: Map<string, Doing>
  readonly #total: number
  #timer: NodeJS.Timeout

  constructor(targets: readonly string[], note: (text: string) => void) {
    this.#note = note
    this.#total = targets.length
    this.#open = new Map(targets.map((target) => [target, { what: 'waits for its minion', since: Date.now() }]))
    this.#timer = this.#later()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  tell({ target, event }: JobEvent): void {
    if (event.type === 'received') this.#does(target, 'received it')
    if (event.type === 'queued') this.#does(target, `waits for another run, place ${event.position}`)
    if (event.type === 'started') this.#does(target, 'runs')
    if (event.type === 'chunk-started') this.#does(target, `${event.function} ${event.id}`)
    if (event.type === 'chunk-ended') this.#ended(target, event.result)
    if (event.type === 'note' && event.level !== 'debug') this.#say(`${target}  ${event.text}`)
    if (event.type === 'fired') this.#say(`${target}  event  ${event.tag}`)
    if (event.type !== 'ended') return
    this.#open.delete(target)
    const count = this.#total > 1 ? ` (${this.#total - this.#open.size} of ${this.#total})` : ''
    const why = event.cause === '' ? '' : `: ${firstLine(event.cause)}`
    if (event.outcome !== 'succeeded' || event.summary !== undefined) {
      this.#say(`${target}  ${event.outcome}${count}${why}`)
    }
  }

  #does(target: string, what: string): void {
    this.#open.set(target, { what, since: Date.now() })
  }

  #ended(target: string, result: ChunkResult): void {
    const word = wordFor(result)
    if (word === undefined) return
    const comment = result.result === false ? `: ${firstLine(result.comment)}` : ''
    this.#say(`${target}  ${word}  ${result.function}  ${result.id}${comment}`)
  }

  #say(text: string): void {
    clearInterval(this.#timer)
    this.#note(text)
    this.#timer = this.#later()
  }

  #later(): NodeJS.Timeout {
    return setInterval(() => this.#waiting(), QUIET_MS).unref()
  }

  #waiting(): void {
    const open = [...this.#open]
    if (open.length === 0) return
    const named = open
      .slice(0, NAMED)
      .map(([id, { what, since }]) => `${id} (${what}, ${formatDuration(Date.now() - since)})`)
    const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : ''
    this.#note(`still: ${named.join(', ')}${more}`)
  }
}

function wordFor({ result, changes }: ChunkResult): string | undefined {
  if (result === false) return 'failed'
  if (result === null) return 'would change'
  return Object.keys(changes).length > 0 ? 'changed' : undefined
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
