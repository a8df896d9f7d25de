import { realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { attempt, errnoOf } from './failure.ts'

/** Says whether a path may be written: throws a `UserError` when it may not. */
export interface Fence {
  /** The path itself is made, replaced or removed: links above it are followed, a link at its end is not. */
  entry(path: string): void
  /** What lies at the path is altered: a link at its end is followed too. */
  content(path: string): void
}

const OPEN: Fence = { entry: () => {}, content: () => {} }

/** Refuses every write outside `folder`, whatever symbolic links say. Without a folder everything may be written. */
export function fence(folder: string | undefined): Fence {
  if (folder === undefined) return OPEN
  const inside = attempt(`use the folder ${folder}`, () => realpathSync(folder))
  const check = (real: string, path: string): void => {
    if (real !== inside && !real.startsWith(inside + sep)) throw outside(path, folder, real)
  }
  return {
    entry: (path) => check(join(realOf(dirname(path)), basename(path)), path),
    content: (path) => check(realOf(path), path),
  }
}

function outside(path: string, folder: string, real: string): UserError {
  const where = real === path ? '' : ` (it leads to ${real})`
  return new UserError('outside-confine', `${path}${where} is outside of ${folder}, the folder of this minion.`, {
    hint: 'A minion with `confine` in its configuration writes nowhere else; build paths from its grain `home`.',
  })
}

/** The real path of what is there, with the names of what is not there yet behind it. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (thrown) {
    const code = errnoOf(thrown)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return attempt(`follow ${path}`, () => realpathSync(path))
    const parent = dirname(path)
    return parent === path ? path : join(realOf(parent), basename(path))
  }
}
