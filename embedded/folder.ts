import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

/** The checkout that `npm start` was called in. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/u, '')

/** Everything that an embedded run makes lies here; the folder can be removed at any time when nothing runs. */
export const FOLDER = join(PROJECT, '.butler')

export const MINIONS = ['db-server', 'tracker', 'worker-1'] as const

/** `--root` of the master: its configuration, data and socket lie below. */
export const MASTER_ROOT = join(FOLDER, 'master')

/** `--root` of a minion. */
export function minionRoot(id: string): string {
  return join(FOLDER, 'minions', id)
}

/** The only folder that a minion may write to; its states find it as the grain `home`. */
export function minionHome(id: string): string {
  return join(FOLDER, 'machines', id)
}
