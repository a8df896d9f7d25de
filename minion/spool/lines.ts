import type { LoggedEvent } from '../../core/run/event.ts'

/**
 * The whole events at the start of `bytes`, and how many bytes they take. A last line without its end is not counted:
 * it is still being written, or was torn by a crash.
 */
export function wholeEvents(bytes: Buffer): { events: LoggedEvent[]; length: number } {
  const length = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.subarray(0, length).toString('utf8').split('\n').slice(0, -1)
  return { events: lines.flatMap(eventOf), length }
}

export function lineOf(event: LoggedEvent): string {
  return `${JSON.stringify(event)}\n`
}

/** A line that a failing disk made unreadable is left out; the numbers of the others show the gap. */
function eventOf(line: string): LoggedEvent[] {
  try {
    // Written by this program alone, in a folder that only its user can enter.
    return [JSON.parse(line) as LoggedEvent]
  } catch {
    return []
  }
}
