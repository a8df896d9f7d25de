import { UserError } from '../../core/errors.ts'

/** What the system's error codes mean to a person. */
const CAUSES: Readonly<Record<string, readonly [cause: string, hint?: string]>> = {
  ENOENT: ['there is no such file or directory', 'Make the directory above it first, or ask for makedirs.'],
  EACCES: ['permission denied', 'Run as root, or as a user who may do this.'],
  EPERM: ['operation not permitted', 'Run as root; on Linux, `lsattr` shows whether it is immutable.'],
  ENOTDIR: ['a part of the path is no directory'],
  EISDIR: ['it is a directory'],
  EEXIST: ['something lies there already'],
  ENOTEMPTY: ['the directory is not empty'],
  ELOOP: ['its symbolic links go round in a circle'],
  ENAMETOOLONG: ['the name is too long'],
  ENOSPC: ['no space is left on the device', 'See `df -h` and `df -i`.'],
  EDQUOT: ["the user's disk quota is used up"],
  EROFS: ['the file system is mounted read-only'],
  ETXTBSY: ['the program is running'],
  EBUSY: ['it is in use'],
  EXDEV: ['both places must be on one file system'],
  EMFILE: ['this process has too many files open'],
  ENFILE: ['the machine has too many files open'],
  EFBIG: ['the file would be too large'],
  EIO: ['the disk reports an error', 'See `dmesg`.'],
  ESTALE: ['the network file system lost it'],
}

/** The code of a system error, such as `ENOENT`. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}

/** `doing` is a verb with its path: `write /etc/hosts`. What is no error of the system is a bug and comes back as it is. */
export function systemFailure(thrown: unknown, doing: string): Error {
  const code = errnoOf(thrown)
  if (thrown instanceof UserError || code === undefined) {
    return thrown instanceof Error ? thrown : new Error(`Can't ${doing}.`, { cause: thrown })
  }
  const [cause, hint] = CAUSES[code] ?? [`the system says ${code}`]
  return new UserError(`file-${code.slice(1).toLowerCase()}`, `Can't ${doing}: ${cause}.`, { hint, cause: thrown })
}

/** Does it, and throws what went wrong in words that name the path. */
export function attempt<T>(doing: string, act: () => T): T {
  try {
    return act()
  } catch (thrown) {
    throw systemFailure(thrown, doing)
  }
}
