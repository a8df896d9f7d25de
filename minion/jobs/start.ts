import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, openSync, closeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buffer } from 'node:stream/consumers'
import { JID_VARIABLE } from './kill.ts'
import type {
  DescribeOrder,
  Description,
  FunctionOrder,
  MineOrder,
  MineValues,
  RequestOrder,
  StateOrder,
} from './order.ts'

/** How long a question to a worker may take, in milliseconds. */
const QUESTION_MS = 120_000

/**
 * Starts a job's own process: a session of its own, nothing of it held by us, so that it outlives us. A state run gets
 * a systemd scope of its own where we may make one, so that stopping our unit does not end it.
 */
export function startJob(order: StateOrder | FunctionOrder, options: { scope: boolean }): ChildProcess {
  const words = options.scope ? [...scopeOf(order.jid), ...workerWords()] : workerWords()
  const [program = '', ...args] = words
  const errors = openSync(join(order.folder, 'errors'), 'a', 0o600)
  try {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['pipe', 'ignore', errors],
      env: { ...process.env, [JID_VARIABLE]: order.jid },
    })
    tell(child, order)
    // It is no reason for us to stay.
    child.unref()
    return child
  } finally {
    closeSync(errors)
  }
}

/** Whether state runs can have systemd scopes of their own: root, on a machine that systemd runs. */
export function canScope(): boolean {
  return process.getuid?.() === 0 && existsSync('/run/systemd/system')
}

interface Questions {
  describe: [DescribeOrder, Description]
  mine: [MineOrder, MineValues]
  request: [RequestOrder, string]
}

/** Lets a worker answer something that would make the agent itself large. */
export async function askWorker<Kind extends keyof Questions>(
  order: Questions[Kind][0] & { kind: Kind },
): Promise<Questions[Kind][1]> {
  const [program = '', ...args] = workerWords()
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: QUESTION_MS, killSignal: 'SIGKILL' })
  tell(child, order)
  const [answer, errors] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
  if (answer.length === 0)
    throw new Error(`The worker did not answer '${order.kind}': ${errors.toString().slice(-2000)}`)
  return JSON.parse(answer.toString('utf8')) as Questions[Kind][1]
}

function tell(child: ChildProcess, order: object): void {
  // A child that could not start, or is gone already, is noticed by its exit.
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  child.stdin?.end(JSON.stringify(order))
}

function scopeOf(jid: string): string[] {
  return ['systemd-run', '--scope', '--quiet', '--collect', `--unit=butler-run-${jid}`, '--']
}

/** From the source the program's own file; in a bundle, where all programs lie side by side, the one of this name. */
function workerWords(): string[] {
  const source = import.meta.url.endsWith('.ts')
  const program = source
    ? fileURLToPath(new URL('../cli/butler-minion.ts', import.meta.url))
    : join(dirname(process.argv[1] ?? ''), 'butler-minion.js')
  return [process.execPath, program, 'worker']
}
