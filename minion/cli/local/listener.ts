import type { Call } from '../../../core/cli/command.ts'
import { textOption } from '../../../core/cli/command.ts'
import type { RunEvent } from '../../../core/run/event.ts'

const LEVELS = ['debug', 'info', 'warning'] as const

/** Prints the notes of a run along the way, from the level that was asked for. */
export function listener(call: Call): (event: RunEvent) => void {
  const least = LEVELS.findIndex((level) => level === textOption(call, 'logLevel'))
  return (event) => {
    if (event.type === 'note' && LEVELS.indexOf(event.level) >= least) call.io.note(`[${event.level}] ${event.text}`)
    if (event.type === 'fired' && least <= LEVELS.indexOf('info')) call.io.note(`[info] event ${event.tag}`)
    if (event.type === 'chunk-started' && least === 0) {
      call.io.note(`[debug] ${event.id}: begins ${event.function} ${event.name}`)
    }
  }
}
