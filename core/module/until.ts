import type { View } from './view.ts'

/** Looks again and again until it is so; false when it was not within the time. The waiting is the machine's. */
export async function until(
  view: View,
  isSo: () => Promise<boolean>,
  { within, every }: { within: number; every: number },
): Promise<boolean> {
  const end = performance.now() + within * 1000
  for (;;) {
    if (await isSo()) return true
    if (performance.now() >= end) return false
    await view.query(['sleep', String(every)])
  }
}
