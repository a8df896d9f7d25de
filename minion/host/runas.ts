import { existsSync } from 'node:fs'
import { UserError } from '../../core/errors.ts'
import type { Account } from './accounts.ts'

const SETPRIV = '/usr/bin/setpriv'

interface Started {
  command: string
  args: string[]
  ids: { uid?: number; gid?: number }
}

/**
 * How to start a program as another user, with all of the user's groups. Linux has `setpriv` for that; elsewhere the
 * program gets the user's own group alone. Only root may do it.
 */
export function asUser(argv: readonly [string, ...string[]], account: Account | undefined): Started {
  const [command, ...args] = argv
  const mine = process.geteuid?.() ?? 0
  if (account === undefined || account.uid === mine) return { command, args, ids: {} }
  if (mine !== 0) {
    throw new UserError('runas-needs-root', `'${command}' is to run as ${account.name}, and only root can do that.`, {
      hint: 'Run the minion as root, or leave `runas` out.',
    })
  }
  if (!existsSync(SETPRIV)) return { command, args, ids: { uid: account.uid, gid: account.gid } }
  const ids = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups']
  return { command: SETPRIV, args: [...ids, '--', command, ...args], ids: {} }
}
