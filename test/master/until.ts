import { setTimeout as wait } from 'node:timers/promises'

const LONGEST_MS = 30_000

/** Waits for a condition; fails with its name when it never comes true. */
export async function until<Value>(
  what: string,
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = performance.now() + LONGEST_MS
  for (;;) {
    const value = await condition()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}.`)
    await wait(10)
  }
}
