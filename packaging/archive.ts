import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { must } from './command.ts'

export interface Archive {
  file: string
  /** Hex. */
  sha256: string
  /** Bytes. */
  size: number
}

/**
 * Packs a folder, its own name on top, so that the same content gives the same bytes: names sorted, one owner, one
 * time for all files (the commit's, in seconds since 1970).
 */
export async function pack(folder: string, file: string, time: number): Promise<Archive> {
  const owner = ['--owner=0', '--group=0', '--numeric-owner', `--mtime=@${time}`, '--sort=name', '--format=gnu']
  const words = ['tar', ...owner, '-C', dirname(folder), '-cf', `${file}.tar`, basename(folder)] as const
  await must(words)
  await must(['gzip', '--no-name', '--force', `${file}.tar`])
  await rename(`${file}.tar.gz`, file)
  return { file, sha256: await sha256(file), size: (await stat(file)).size }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
