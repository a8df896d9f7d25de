import type { View } from '../../core/module/view.ts'
import { type As, look } from './program.ts'

/** What a work tree or bare repository on this machine stands at. */
export interface Local {
  /** `undefined` before the first commit. */
  readonly commit: string | undefined
  /** `undefined` when no branch is checked out. */
  readonly branch: string | undefined
  readonly url: string | undefined
  /** Files under git's care that were changed by hand. */
  readonly changed: readonly string[]
  /** Submodules that are missing or stand elsewhere. */
  readonly submodules: readonly string[]
}

/** The repository at a path; `undefined` when there is none (one above it does not count). */
export async function readLocal(view: View, as: As, want: Inspected): Promise<Local | undefined> {
  const at = { ...as, cwd: want.target }
  const marker = want.bare ? `${want.target}/HEAD` : `${want.target}/.git`
  if ((await view.stat(marker)) === undefined) return undefined
  const said = async (words: readonly string[]): Promise<string | undefined> => {
    const { exitCode, stdout } = await look(view, at, words)
    return exitCode === 0 ? stdout.replace(/\n$/u, '') : undefined
  }
  const status = want.bare ? '' : await said(['status', '--porcelain', '--untracked-files=no', '--ignore-submodules'])
  const modules = want.submodules ? await said(['submodule', 'status', '--recursive']) : ''
  return {
    commit: await said(['rev-parse', '--verify', '-q', 'HEAD^{commit}']),
    branch: await said(['symbolic-ref', '-q', '--short', 'HEAD']),
    url: await said(['config', '--get', `remote.${want.remote}.url`]),
    changed: linesOf(status).map((line) => line.slice(3)),
    submodules: linesOf(modules)
      .filter((line) => /^[-+U]/u.test(line))
      .map((line) => line.slice(1).split(' ')[1] ?? line),
  }
}

interface Inspected {
  target: string
  remote: string
  bare: boolean
  submodules: boolean
}

function linesOf(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '')
}
