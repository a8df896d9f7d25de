import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { Stat } from '../../core/module/view.ts'
import type { Accounts } from './accounts.ts'
import { attempt, errnoOf, systemFailure } from './failure.ts'

// Looking is synchronous: a state run is a process of its own that does one thing after another, and one call into the
// kernel takes microseconds where a promise through the thread pool takes a tenth of a millisecond.

/** The content of a file; `undefined` when nothing lies there. A directory is an error. */
export function read(path: string): Uint8Array | undefined {
  return unlessMissing(`read ${path}`, () => readFileSync(path))
}

/** The names in a directory, sorted by code point; empty when it is none. */
export function list(path: string): readonly string[] {
  const names = unlessMissing(`list ${path}`, () =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path) : [],
  )
  return (names ?? []).sort()
}

/** What lies at a path, a link at its end not followed. */
export function stat(path: string, accounts: Accounts): Stat | undefined {
  const found = unlessMissing(`look at ${path}`, () => lstatSync(path, { throwIfNoEntry: false }))
  if (found === undefined) return undefined
  const type = typeOf(found)
  return {
    type,
    mode: (found.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: found.uid,
    gid: found.gid,
    user: accounts.user(found.uid)?.name ?? String(found.uid),
    group: accounts.group(found.gid)?.name ?? String(found.gid),
    size: found.size,
    mtimeMs: found.mtimeMs,
    ...(type === 'symlink' ? { target: attempt(`read the link ${path}`, () => readlinkSync(path)) } : {}),
  }
}

function typeOf(found: Stats): Stat['type'] {
  if (found.isFile()) return 'file'
  if (found.isDirectory()) return 'directory'
  return found.isSymbolicLink() ? 'symlink' : 'other'
}

function unlessMissing<T>(doing: string, act: () => T): T | undefined {
  try {
    return act()
  } catch (thrown) {
    const code = errnoOf(thrown)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw systemFailure(thrown, doing)
  }
}
