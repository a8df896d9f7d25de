import type { CommandOptions, Output, View } from './view.ts'

/** The machine with write access: only a `Change` or a function that changes things is handed one. */
export interface Host extends View {
  /** Replaces the content in one step (a new file, synced, then renamed); owner and mode of an old file are kept. */
  write(path: string, content: Uint8Array | string, options?: WriteOptions): Promise<void>
  append(path: string, content: string): Promise<void>
  /** Makes a directory; with `parents` also those above it. */
  mkdir(path: string, options?: { mode?: string | undefined; parents?: boolean }): Promise<void>
  /** Makes a link, in place of a link that is there in one step. */
  symlink(target: string, path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Removes a file, a link or a whole directory. Nothing there is no error. */
  remove(path: string): Promise<void>
  chmod(path: string, mode: string): Promise<void>
  /** Changes user, group or both, by name or number; a link itself, not what it points to. */
  chown(path: string, user: string | undefined, group: string | undefined): Promise<void>
  touch(path: string, options?: { atime?: Date; mtime?: Date }): Promise<void>
  /**
   * Has the master's CA certify the key of a certificate request (PKCS#10, PEM) for a server of these names: DNS names
   * and addresses. PEM comes out. The master refuses names that no open job of this minion gives it.
   */
  certify(request: string, names: readonly string[]): Promise<string>
  /** Runs a program, no shell between. */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<Output>
}

export interface WriteOptions {
  mode?: string | undefined
  user?: string | undefined
  group?: string | undefined
}

export interface RunOptions extends CommandOptions {
  /** Throws a `ChangeFailed` with the program's last words unless it ends with 0. */
  check?: boolean
}
