import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { layoutOf } from '../cli/layout.ts'
import { releaseOf } from './release.ts'

/**
 * Keeps what the engine has compiled of a release's programs, which is a third of a short call's time, in their cache
 * folder. Who may not write there goes without. It is this process's alone, and no variable that the commands of states
 * would inherit. From source the launcher does so.
 */
export function keepCompiled(program: string | undefined, words: readonly string[]): void {
  if (releaseOf(program) === undefined) return
  // Only `--root` counts here; what is wrong with the other words is told by those who read them.
  const { values } = parseArgs({ args: [...words], options: { root: { type: 'string' } }, strict: false })
  const root = typeof values.root === 'string' ? values.root : undefined
  enableCompileCache(join(layoutOf({ root }).cache, 'node'))
}
