import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Release } from './release.ts'

// What makes a release part of its machine. Each step does nothing when it is already done, and says whether it was.

const PROGRAMS = ['butler', 'butler-call', 'butler-master', 'butler-minion']

export function requireRoot(command: string): void {
  if (process.getuid?.() === 0) return
  throw new UserError('needs-root', `'${command}' sets up the machine itself, so it must be run as root.`, {
    hint: `Run 'sudo ${command}'.`,
  })
}

/** Makes the release's programs known to every shell. A file of somebody else's in their place is an error. */
export function linkPrograms(release: Release, folder = '/usr/bin'): string[] {
  return PROGRAMS.filter((name) => existsSync(join(release.home, 'bin', name))).flatMap((name) => {
    const link = join(folder, name)
    const target = join(release.home, 'bin', name)
    const has = lstatSync(link, { throwIfNoEntry: false })
    if (has !== undefined && !has.isSymbolicLink()) {
      throw new UserError('not-ours', `${link} is there already and is no link of Butler's.`, {
        hint: 'Move it away and set up again.',
      })
    }
    if (has !== undefined && readlinkSync(link) === target) return []
    rmSync(link, { force: true })
    symlinkSync(target, link)
    return [link]
  })
}

/** Writes the unit of the release for systemd; the caller starts it. */
export function installUnit(release: Release, name: string, folder = '/etc/systemd/system'): string[] {
  const text = readFileSync(join(release.home, 'units', name), 'utf8').replaceAll('@HOME@', release.home)
  const file = join(folder, name)
  if (!writeIfOther(file, text)) return []
  systemctl('daemon-reload')
  return [file]
}

/** Makes a folder and those above it; one that exists keeps its mode. */
export function makeFolder(folder: string, mode: number): string[] {
  if (existsSync(folder)) return []
  mkdirSync(folder, { recursive: true, mode })
  return [folder]
}

export function systemctl(...words: string[]): void {
  const { status, stderr } = spawnSync('systemctl', words, { encoding: 'utf8' })
  if (status !== 0) throw new UserError('systemctl-failed', `'systemctl ${words.join(' ')}' failed: ${stderr.trim()}`)
}

function writeIfOther(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  writeFileSync(file, text)
  return true
}
