import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface Owner {
  uid: number
  gid: number
}

/**
 * Puts a new file in the place of an old one in one step: whoever reads the path at any moment, also after a power cut,
 * finds the old content or the new one, never a part. Owner and mode of an old file are kept unless given. A link at
 * the path is replaced, not followed.
 */
export function replaceFile(
  path: string,
  content: Uint8Array | string,
  wanted: { mode?: number | undefined; uid?: number | undefined; gid?: number | undefined },
): void {
  const old = lstatSync(path, { throwIfNoEntry: false })
  const kept = old?.isFile() ? old : undefined
  const temporary = temporaryFor(path)
  const file = openSync(temporary, 'wx', 0o600)
  try {
    try {
      writeAll(file, typeof content === 'string' ? Buffer.from(content) : content)
      own(file, { uid: wanted.uid ?? kept?.uid, gid: wanted.gid ?? kept?.gid })
      fchmodSync(file, wanted.mode ?? (kept === undefined ? 0o666 & ~process.umask() : kept.mode & 0o7777))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
}

/** The same for a link: one that is there gives way to the new one in one step. Anything else at the path is an error. */
export function replaceLink(path: string, target: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return symlinkSync(target, path)
  const temporary = temporaryFor(path)
  try {
    symlinkSync(target, temporary)
    renameSync(temporary, path)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
}

/** A name beside it that nobody else has. */
function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(4).toString('hex')}.butler`)
}

function writeAll(file: number, content: Uint8Array): void {
  for (let done = 0; done < content.length;) done += writeSync(file, content, done)
}

/** Only when it differs from what a new file gets anyway: an ordinary user may not give files away. */
function own(file: number, owner: { uid: number | undefined; gid: number | undefined }): void {
  const mine: Owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
  const uid = owner.uid ?? mine.uid
  const gid = owner.gid ?? mine.gid
  if (uid !== mine.uid || gid !== mine.gid) fchownSync(file, uid, gid)
}
