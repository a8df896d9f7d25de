import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { releaseOf } from './release.ts'

/**
 * Keeps what the engine has compiled of a release's programs, which is a third of a short call's time, in the cache folder
 * of who calls: nobody but that user can have written there. It is this process's alone, and no variable that the commands
 * of states would inherit. From source the launcher does so.
 */
export function keepCompiled(program: string | undefined): void {
  if (releaseOf(program) === undefined) return
  const own = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  enableCompileCache(process.geteuid?.() === 0 ? '/var/cache/butler/node' : join(own, 'butler/node'))
}
