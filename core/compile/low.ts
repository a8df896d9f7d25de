import type { DataMap } from '../data.ts'
import type { ErrorData, Place } from '../errors.ts'

/** Everything one minion is to do in one run, in order: finished, checked, with nothing left to look up. Plain JSON. */
export interface LowState {
  schema: 'butler.low/1'
  /** In run order. Requisites refer to positions in this list. */
  chunks: LowChunk[]
  /** What each `butler://` source in the chunks is. A minion gets files by digest, and only these. */
  files: Record<string, FileRef>
  /** The names of the secrets that the chunks hold, sorted. The values travel beside the low state, never in it. */
  secrets: string[]
  warnings: ErrorData[]
  /** The state files that took part, in order. */
  sls: string[]
}

export interface FileRef {
  /** SHA-256 of the content, in hex. */
  digest: string
  /** In bytes. */
  size: number
}

/** One state function with one name: the smallest thing that runs. */
export interface LowChunk {
  id: string
  /** `file.managed`. */
  function: string
  name: string
  /** The state file it comes from, dotted: `postgres.init` is `postgres`. */
  sls: string
  /** Its arguments after checking, defaults filled in, `name` included; secrets are `SecretText`s. */
  args: DataMap
  requisites: Requisite[]
  guards: Guards
  options: ChunkOptions
  /** Where its function stands in the state file. */
  at: Place
}

/** `use` is worked off by the compiler and never gets here. */
export const REQUISITE_KINDS = [
  'require',
  'require_any',
  'watch',
  'watch_any',
  'onchanges',
  'onchanges_any',
  'onfail',
  'onfail_any',
  'onfail_all',
  'prereq',
  'listen',
] as const

export type RequisiteKind = (typeof REQUISITE_KINDS)[number]

/** All references of one kind of one chunk, `_in` forms already turned around. */
export interface Requisite {
  kind: RequisiteKind
  /** Positions in `LowState.chunks`, ascending, without doubles. */
  targets: number[]
}

export interface Guards {
  /** Skipped only when all of them are true (exit code 0). */
  unless?: Guard[]
  /** Runs only when all of them are true. */
  onlyif?: Guard[]
  /** Skipped only when all of these paths exist. */
  creates?: string[]
}

/** A shell command line, or an execution function with arguments whose answer (or one key of it) must be true. */
export type Guard = { command: string } | { function: string; args: DataMap; get_return?: string }

/** The arguments that every state takes and that the runner works off. */
export interface ChunkOptions {
  failhard?: boolean
  retry?: Retry
  check_cmd?: string[]
  /** In seconds. */
  timeout?: number
  runas?: string
  umask?: string
  /** A shell's environment for guards and commands. */
  env?: Record<string, string>
  cwd?: string
  shell?: string
  parallel?: boolean
  /** Whether it may be done in one go with others of its function (packages). */
  aggregate?: boolean
  /** Tells those who follow the job when it was done, by its name or by the tag given. */
  fire_event?: boolean | string
  no_log?: boolean
}

export interface Retry {
  attempts: number
  until: boolean
  /** In seconds. */
  interval: number
  splay: number
}
