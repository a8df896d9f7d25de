import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { UserError } from '../../../core/errors.ts'
import type { Tracker } from '../../api/tracker.ts'
import { ENGINE_VARIABLE } from '../task/leftovers.ts'

/** A started engine. */
export interface EngineProcess {
  /** Its events, one JSON text a line; ends when it ends. */
  readonly events: Readable
  /** Lets it go on alone: this program may end. */
  release(): void
}

/**
 * Starts an engine as a process of its own, in a session of its own: Ctrl-C in this terminal, or its end, does not reach
 * it. What goes wrong in it besides runs stands in `<workdir>/engine-<id>.log`.
 */
export async function startEngine(tracker: Tracker, engineId: string): Promise<EngineProcess> {
  const [, program] = process.argv
  if (program === undefined) throw new Error('This program has no name to start again.')
  mkdirSync(tracker.config.workdir, { recursive: true })
  const errors = openSync(join(tracker.config.workdir, `engine-${engineId}.log`), 'a')
  try {
    const child = spawn(process.execPath, [program, ...tracker.words, 'engine', engineId], {
      detached: true,
      stdio: ['ignore', 'pipe', errors],
      env: { ...process.env, [ENGINE_VARIABLE]: undefined },
    })
    await once(child, 'spawn')
    const { stdout } = child
    if (stdout === null) throw new Error('The engine was started without its pipe.')
    return {
      events: stdout,
      release() {
        stdout.destroy()
        child.unref()
      },
    }
  } catch (error) {
    throw new UserError('engine-not-started', `The engine can't be started: ${String(error)}.`, { cause: error })
  } finally {
    closeSync(errors)
  }
}
