import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '../../core/errors.ts'

/** Waits until something is so, looking again and again. What it answers (anything but false or undefined) is returned. */
export async function until<T>(
  what: string,
  look: () => Promise<T | false | undefined>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 60_000
  const end = performance.now() + timeoutMs
  let last: unknown
  while (performance.now() < end) {
    try {
      const found = await look()
      if (found !== false && found !== undefined) return found
    } catch (error) {
      last = error
    }
    await delay(options.everyMs ?? 100)
  }
  throw new UserError('waited-in-vain', `Waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}.`, {
    cause: last,
  })
}
