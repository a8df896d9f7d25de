/** Waits for a condition; what it waited for is in the error when it never comes. */
export async function until<T>(what: string, look: () => T | Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== null && found !== false) return found
    if (performance.now() > deadline) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => void setTimeout(resolve, 10))
  }
}
