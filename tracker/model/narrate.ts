import { formatDuration } from '../../core/text/duration.ts'
import type { LoggedRunEvent } from './event.ts'

/** Turns events into lines for a person. Programs' own lines stay exactly as they were written. */
export class Narrator {
  /** Whose lines are being shown: `3, align`. */
  #speaking = ''

  lines({ run, event }: LoggedRunEvent): string[] {
    switch (event.type) {
      case 'run-started': {
        const again = event.attempt === 1 ? '' : `, attempt ${event.attempt}`
        return this.#say(`run ${run}: started (${event.source}${again})`)
      }
      case 'task-started': {
        const where = event.host === undefined ? '' : ` on ${event.host}`
        const again = event.attempt === 1 ? '' : ` (attempt ${event.attempt})`
        return this.#say(`run ${run}, ${event.task}: started${where}${again}`, `${run}, ${event.task}`)
      }
      case 'output':
        return this.#quote(`${run}, ${event.task}`, event.text)
      case 'task-ended': {
        const after = formatDuration(event.ms)
        if (event.ok) return this.#say(`run ${run}, ${event.task}: completed in ${after}`)
        return this.#say(
          `run ${run}, ${event.task}: failed after ${after}: ${event.cause}${event.again ? '; once more' : ''}`,
        )
      }
      case 'task-skipped':
        return this.#say(`run ${run}, ${event.task}: not run, since ${event.cause}`)
      case 'run-ended':
    }
    if (event.status === 'completed') return this.#say(`run ${run}: completed in ${formatDuration(event.ms)}`)
    return this.#say(`run ${run}: error: ${event.cause}`)
  }

  #say(line: string, speaking = ''): string[] {
    this.#speaking = speaking
    return [line]
  }

  #quote(who: string, line: string): string[] {
    if (who === this.#speaking) return [line]
    this.#speaking = who
    return [`run ${who}:`, line]
  }
}
