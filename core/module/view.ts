import type { DataMap } from '../data.ts'
import type { Fact } from './fact.ts'
import type { Made } from './change.ts'

/** What a state may see of its machine: everything, and it can touch nothing. */
export interface View {
  /** Facts about the machine that do not change during a run, such as `os_family`. */
  readonly grains: DataMap
  /** This minion's pillar. */
  readonly pillar: DataMap
  /** The content of a file; `undefined` when nothing lies there. */
  read(path: string): Promise<Uint8Array | undefined>
  /** What lies at a path, symbolic links not followed; `undefined` when nothing does. */
  stat(path: string): Promise<Stat | undefined>
  /** The names in a directory, sorted; empty when it is none. */
  list(path: string): Promise<readonly string[]>
  /** The content behind `butler://`, `salt://`, `http(s)://`, `file://` or an absolute path of this machine. */
  fetch(source: string): Promise<Uint8Array>
  /** All files below a `butler://` folder: their paths relative to it, sorted, with what `fetch` takes. */
  tree(source: string): Promise<readonly { path: string; source: string }[]>
  /** The certificate of the CA that this machine's master is, in PEM. Throws a `UserError` where there is no master. */
  ca(): Promise<string>
  /** A fact that costs something to learn: read once a run, forgotten when a change makes its kind. */
  fact<T>(fact: Fact<T>): Promise<T>
  /** Runs a program that only reads. A program that is not there is `{ exitCode: 127 }`, never an exception. */
  query(argv: readonly [string, ...string[]], options?: CommandOptions): Promise<Output>
  /** A shell command line of the user's own, as guards and `check_cmd` need it. */
  shell(command: string, options?: CommandOptions): Promise<Output>
  /**
   * To be called by a state that finds something missing that it needs and does not make itself. In a plan, when an
   * earlier change would make it, this ends the state's planning: "would change, after X". Else it does nothing.
   */
  missing(made: Made): void
}

export interface Stat {
  type: 'file' | 'directory' | 'symlink' | 'other'
  /** Permissions in octal, four digits, such as `0644`. */
  mode: string
  uid: number
  gid: number
  /** The owner's name, or the number as text when the machine knows no name. */
  user: string
  group: string
  /** In bytes. */
  size: number
  /** Last change of the content, in milliseconds since 1970. */
  mtimeMs: number
  /** Where a symbolic link points, as written in it. */
  target?: string
}

export interface CommandOptions {
  cwd?: string | undefined
  env?: Readonly<Record<string, string>> | undefined
  /** Folders, with colons between, that are looked through before those of `PATH`. */
  prependPath?: string | undefined
  /** The user to run as. */
  runas?: string | undefined
  input?: string | undefined
  /** In milliseconds; then the whole process group is killed and `timedOut` is set. */
  timeoutMs?: number | undefined
  umask?: string | undefined
  /** The shell for `shell()`; `/bin/sh` when not given. */
  shell?: string | undefined
}

export interface Output {
  exitCode: number
  stdout: string
  stderr: string
  timedOut?: boolean
  pid?: number
}
