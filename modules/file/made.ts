import type { Made } from '../../core/module/change.ts'
import { nameOf, parentOf } from '../../core/module/path.ts'

const UNIT_FOLDERS = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']

/** What writing a file makes: its path, and the unit that systemd will read there. */
export function madeBy(path: string): Made[] {
  const made: Made[] = [{ kind: 'path', name: path }]
  if (UNIT_FOLDERS.includes(parentOf(path))) made.push({ kind: 'unit', name: nameOf(path) })
  return made
}
