import { UserError } from '../../core/errors.ts'
import { fetchVerified } from '../../core/module/source_hash.ts'
import type { View } from '../../core/module/view.ts'
import { decompressed } from './decompress.ts'
import type { Entry } from './entry.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip.ts'

export interface ArchiveWanted {
  source: string
  source_hash?: string | undefined
  source_hash_name?: string | undefined
  skip_verify: boolean
  archive_format?: 'tar' | 'zip' | undefined
  options?: string | undefined
  enforce_toplevel: boolean
}

/** What lies in the archive, as it is to lie in the folder: leading folders stripped, one at the top if that is enforced. */
export async function readArchive(view: View, want: ArchiveWanted): Promise<Entry[]> {
  const bytes = await fetchVerified(view, want.source, want)
  const isZip = want.archive_format === undefined ? startsLikeZip(bytes) : want.archive_format === 'zip'
  const all = isZip ? await readZip(bytes) : readTar(await decompressed(view, bytes))
  const entries = stripped(all, levels(want.options))
  if (want.enforce_toplevel) requireOneTop(entries)
  return entries
}

function startsLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}

/** Of tar's options only `--strip-components` says something that is not known anyway. */
function levels(options = ''): number {
  const words = options.split(/\s+/u).filter((word) => word !== '' && !/^-?[xvzjJpf]+$/u.test(word))
  const amounts = words.map((word) => /^--strip(?:-components)?=(\d+)$/u.exec(word)?.[1])
  const unknown = words.find((_, index) => amounts[index] === undefined)
  if (unknown !== undefined) {
    throw new UserError('unknown-option', `options: '${unknown}' can't be used here.`, {
      hint: 'There is: --strip-components=N.',
    })
  }
  return Number(amounts.at(-1) ?? 0)
}

function stripped(entries: readonly Entry[], amount: number): Entry[] {
  if (amount === 0) return [...entries]
  const shorter = (path: string): string => path.split('/').slice(amount).join('/')
  return entries
    .map((entry) => ({
      ...entry,
      path: shorter(entry.path),
      ...(entry.type === 'link' ? { target: shorter(entry.target ?? '') } : {}),
    }))
    .filter(({ path }) => path !== '')
}

function requireOneTop(entries: readonly Entry[]): void {
  const tops = new Set(entries.map(({ path }) => path.split('/')[0]))
  const [only] = tops
  const isFolder = entries.some(({ path, type }) => path !== only || type === 'directory')
  if (tops.size === 1 && isFolder) return
  throw new UserError('no-top-folder', 'Archive does not have a single top-level directory.', {
    hint: 'To allow this archive to be extracted, set `enforce_toplevel: false`, and give it a folder of its own.',
  })
}
