import { closeSync, fsyncSync, linkSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Replaces a file in one step, so that no reader and no power cut ever sees half of it. */
export function writeWhole(file: string, content: string | Uint8Array, mode = 0o600): void {
  const temporary = `${file}.${process.pid}.new`
  writeSynced(temporary, content, mode, 'w')
  renameSync(temporary, file)
  syncFolder(dirname(file))
}

/** Makes a file, whole, that must not be there yet; `false` when it is. Of several who try at once, one succeeds. */
export function createOnce(file: string, content: string): boolean {
  const temporary = `${file}.${process.pid}.new`
  writeSynced(temporary, content, 0o600, 'w')
  try {
    linkSync(temporary, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(temporary)
  }
  syncFolder(dirname(file))
  return true
}

export function writeSynced(file: string, content: string | Uint8Array, mode: number, flags: 'w' | 'wx' | 'a'): void {
  const descriptor = openSync(file, flags, mode)
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes names in a folder survive a power cut: a new or renamed file is only kept when its folder is synced too. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
