import { setTimeout as wait } from 'node:timers/promises'

/** Waits until the condition holds; the test's own limit is what ends a wait in vain. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(50)
}
