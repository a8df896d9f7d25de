import { UserError } from '../../core/errors.ts'

/** One thing in an archive. */
export interface Entry {
  /** Relative, without a slash at its end. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink' | 'link'
  /** In octal, four digits. */
  readonly mode: string
  /** Of a file. */
  content(): Promise<Uint8Array>
  /** Where a symbolic link points; which entry a hard link is another name of. */
  readonly target?: string
}

/** A path as it stands in an archive, cleaned. Throws when it would lead out of the folder. */
export function safePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (path.startsWith('/') || parts.includes('..')) {
    throw new UserError('unsafe-archive', `The archive holds '${path}', which would lie outside of its folder.`)
  }
  return parts.join('/')
}

export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}
