import { readlinkSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { DataMap } from '../../core/data.ts'
import { known } from './family.ts'

/** Who this minion runs as, and with which surroundings. */
export function process(): DataMap {
  const { env, execPath, pid } = globalThis.process
  const { username, uid, gid, shell } = userInfo()
  return known({
    username,
    uid,
    gid,
    pid,
    shell: env['SHELL'] ?? shell ?? '/bin/sh',
    path: env['PATH'],
    systempath: env['PATH']?.split(':'),
    cwd: globalThis.process.cwd(),
    nodeexecutable: execPath,
    timezone: env['TZ'] ?? zoneOf(localtime()),
    locale_info: { defaultlanguage: (env['LC_ALL'] ?? env['LANG'] ?? 'C').split('.')[0] ?? 'C' },
  })
}

/** Where `/etc/localtime` points. Asking `Intl` would load its tables, which takes as long as all other grains. */
function localtime(): string {
  try {
    return readlinkSync('/etc/localtime')
  } catch {
    return ''
  }
}

/** `Europe/Berlin` of `/usr/share/zoneinfo/Europe/Berlin`. */
export function zoneOf(link: string): string {
  return /zoneinfo\/(?:posix\/|right\/)?(?<zone>.+)$/u.exec(link)?.groups?.['zone'] ?? 'UTC'
}
