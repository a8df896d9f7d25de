import type { Layout } from '../core/cli/layout.ts'
import { runAgent } from './agent.ts'
import { readConfig } from './config/config.ts'
import { createLog } from './log.ts'
import { JID_VARIABLE } from './jobs/kill.ts'

export interface StartOptions {
  layout: Layout
  version: string
  logJson: boolean
}

/** Runs the agent until SIGTERM or SIGINT. Throws `UserError`s for what is wrong with its configuration. */
export async function start(options: StartOptions): Promise<void> {
  // An agent that a state run started (again) belongs to no job.
  delete process.env[JID_VARIABLE]
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
  const config = await readConfig(options.layout)
  const log = createLog({ json: options.logJson })
  await runAgent({ layout: options.layout, config, version: options.version, log }, stop.signal)
}
