import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { layoutOf } from '../core/cli/layout.ts'
import { type ErrorData, UserError, UserErrors } from '../core/errors.ts'
import { MASTER_ROOT, MINIONS, minionHome, minionRoot } from './folder.ts'
import { type Daemon, lastWords, startDaemon } from './processes.ts'
import { type CommandLine, runQuietly } from './programs.ts'
import { master } from './road.ts'
import type { GitSource } from './sources.ts'

/** How long a daemon may take to be ready, in milliseconds: a slow machine needs a few seconds. */
const READY_MS = 30_000

/** What a minion needs to join. */
export interface Invitation {
  port: number
  token: string
  caFingerprint: string
}

/** Starts the master on a free port of the loopback address and makes a token for the three minions. */
export async function startMaster(sources: readonly GitSource[], signal: AbortSignal): Promise<Invitation> {
  const config = join(MASTER_ROOT, 'etc/butler')
  mkdirSync(config, { recursive: true })
  writeFileSync(join(config, 'master.yaml'), JSON.stringify({ listen: '127.0.0.1', port: 0, sources }, null, 2))
  const daemon = startDaemon('master', 'butler-master', ['--root', MASTER_ROOT, 'start'])
  await until(daemon, signal, async () => answers(master('minions', '--json'), signal))
  await sourcesAreGood(signal)
  const ids = MINIONS.flatMap((id) => ['--id', id])
  const made: unknown = JSON.parse(
    await runQuietly(
      master('tokens', 'create', ...ids, '--uses', String(MINIONS.length), '--expires', '1h', '--json'),
      signal,
    ),
  )
  const port = Number(readFileSync(join(layoutOf({ root: MASTER_ROOT }).run, 'master.port'), 'utf8'))
  return { port, ...(made as Omit<Invitation, 'port'>) }
}

/** Enrols a minion that may write to its own folder only, starts it, and waits until the master sees it. */
export async function joinMinion(id: string, invitation: Invitation, signal: AbortSignal): Promise<void> {
  const config = join(minionRoot(id), 'etc/butler')
  const home = minionHome(id)
  mkdirSync(config, { recursive: true })
  mkdirSync(home, { recursive: true })
  const minion = { id, master: `127.0.0.1:${invitation.port}`, confine: home, grains: { home } }
  writeFileSync(join(config, 'minion.yaml'), JSON.stringify(minion, null, 2))
  const root = ['--root', minionRoot(id)]
  const pinned = ['--ca-fingerprint', invitation.caFingerprint, '--token', invitation.token]
  await runQuietly({ program: 'butler-minion', words: [...root, 'enroll', ...pinned] }, signal)
  const daemon = startDaemon(id, 'butler-minion', [...root, 'start'])
  await until(daemon, signal, async () => isConnected(id, signal))
}

/** What is wrong in the states, roles and orchestrations is said here, where it can be mended. */
async function sourcesAreGood(signal: AbortSignal): Promise<void> {
  const sources = JSON.parse(await runQuietly(master('sources', '--json'), signal)) as { errors: ErrorData[] }[]
  const errors = sources.flatMap((source) => source.errors)
  if (errors.length > 0) throw new UserErrors(errors.map((error) => UserError.fromData(error)))
}

async function isConnected(id: string, signal: AbortSignal): Promise<boolean> {
  const minions: unknown = JSON.parse(await runQuietly(master('minions', '--json'), signal))
  return Array.isArray(minions) && minions.some((minion) => minion.id === id && minion.connected === true)
}

async function answers(line: CommandLine, signal: AbortSignal): Promise<boolean> {
  return runQuietly(line, signal).then(
    () => true,
    () => false,
  )
}

/** Waits for a condition; a daemon that ends meanwhile, or the deadline, is an error with its last words. */
async function until(daemon: Daemon, signal: AbortSignal, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (!(await condition())) {
    signal.throwIfAborted()
    const late = Date.now() > deadline
    if (late || !daemon.running()) {
      throw new UserError('not-ready', `${daemon.name} ${late ? 'is not ready in time' : 'has ended'}.`, {
        hint: `The end of ${daemon.log}:\n${lastWords(daemon)}`,
      })
    }
    await sleep(100, undefined, { signal })
  }
}
