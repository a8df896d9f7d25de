import type { Stat, View } from './view.ts'
import { UserError } from '../errors.ts'

// Paths of a minion: absolute, with forward slashes. Modules see no `node:path`.

/** The folder that something lies in; `/` for what lies at the top, and for `/` itself. */
export function parentOf(path: string): string {
  const trimmed = trimSlashes(path)
  const cut = trimmed.lastIndexOf('/')
  return cut <= 0 ? '/' : trimmed.slice(0, cut)
}

/** The last part of a path: `f.txt` of `/a/f.txt`. */
export function nameOf(path: string): string {
  const trimmed = trimSlashes(path)
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

/** Puts a relative path below a folder; `.` and `..` are worked off. An absolute one stays as it is. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** True for the folder itself and all that lies below it. */
export function isWithin(folder: string, path: string): boolean {
  const base = trimSlashes(folder)
  return base === '/' || path === base || path.startsWith(`${base}/`)
}

/** Without slashes at its end. */
export function trimSlashes(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/u, '') || '/' : path
}

const MAX_LINKS = 40

/** Where a path leads when it is a symbolic link, link by link (the path itself when it is none), and what lies there. */
export async function followLinks(view: View, path: string): Promise<{ path: string; stat: Stat | undefined }> {
  let current = path
  for (let links = 0; links < MAX_LINKS; links++) {
    const stat = await view.stat(current)
    if (stat?.type !== 'symlink') return { path: current, stat }
    current = joinPath(parentOf(current), stat.target ?? '')
  }
  throw new UserError('link-cycle', `The symbolic links at ${path} go round in a circle.`)
}

/** True when the path is a folder, or a symbolic link that leads to one. */
export async function isFolder(view: View, path: string): Promise<boolean> {
  const { stat } = await followLinks(view, path)
  return stat?.type === 'directory'
}
