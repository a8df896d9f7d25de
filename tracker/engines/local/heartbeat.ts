export interface HeartbeatOptions {
  leaseMs: number
  /** Tells the database that the engine lives. */
  beat(): Promise<void>
  /** The lease has run out: others may have taken the runs. Called once. */
  lost(cause: unknown): void
}

/** How often an engine says that it lives and looks for requests to cancel, in milliseconds. */
const BEAT = 1000

/** Beats until it is stopped. One beat at a time; a database that is away for less than the lease is no harm. */
export function startHeartbeat(options: HeartbeatOptions): { stop(): Promise<void> } {
  const stopped = new AbortController()
  let renewed = performance.now()
  const go = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await pause(Math.min(BEAT, options.leaseMs / 4), stopped.signal)
      if (stopped.signal.aborted) return
      const asked = performance.now()
      try {
        await options.beat()
        renewed = asked
      } catch (error) {
        if (performance.now() - renewed <= options.leaseMs) continue
        options.lost(error)
        return
      }
    }
  }
  const beating = go()
  return {
    async stop() {
      stopped.abort()
      await beating
    },
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  return promise
}
