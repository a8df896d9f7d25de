import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Lying, Wanted } from './case.ts'

/** Puts a case's state tree into a folder. */
export function writeStates(folder: string, states: readonly (readonly [string, string])[]): void {
  for (const [path, text] of states) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** Makes what a case wants to find. All its paths are absolute. */
export function prepare({ files, dirs, symlinks, modes }: Wanted['setup']): void {
  for (const path of dirs) mkdirSync(path, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  for (const [path, target] of Object.entries(symlinks)) {
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path)
  }
  for (const [path, mode] of Object.entries(modes)) chmodSync(path, Number.parseInt(mode, 8))
}

/** What lies in a folder, as the cases write it; backups don't count. */
export function lyingIn(folder: string, modes: boolean): Record<string, Lying> {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => !path.endsWith('.bak'))
  return Object.fromEntries(found.sort().map((path) => [path, lyingAt(join(folder, path), modes)]))
}

function lyingAt(path: string, modes: boolean): Lying {
  const stat = lstatSync(path)
  const mode = modes ? { mode: (stat.mode & 0o7777).toString(8).padStart(4, '0') } : {}
  if (stat.isSymbolicLink()) return { link: readlinkSync(path) }
  return stat.isDirectory() ? { dir: true, ...mode } : { text: readFileSync(path, 'utf8'), ...mode }
}
