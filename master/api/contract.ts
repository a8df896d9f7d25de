import type { DataMap } from '../../core/data.ts'
import type { LowState } from '../../core/compile/low.ts'
import type { RunReport } from '../../core/run/result.ts'
import type { Target } from '../../core/target/target.ts'
import type { JobEvent, JobLine } from '../jobs/jobs.ts'
import type { JobTimes } from '../jobs/times.ts'
import type { Rendered } from '../../core/desired/rendered.ts'
import type { PlanInput, PlanLine } from '../plans/plans.ts'
import type { SourceStatus } from '../sources/sources.ts'

/**
 * What the master can be asked: `POST /api/v1/<name>` with the input as JSON, the output as JSON. An error is status
 * 400 (a `UserError`: nothing was touched), 403 or 500, with `{ errors: ErrorData[] }`. Only ever added to.
 */
export interface Operations {
  minions: Operation<Record<string, never>, MinionLine[]>
  match: Operation<{ target: Target }, { ids: string[] }>
  /** Compiles for every target, then submits. With `keepGoing` targets that do not compile are left out. */
  apply: Operation<ApplyInput, Submitted>
  /** Runs an execution function; `words` are positional arguments and `key=value` pairs as typed. */
  run: Operation<{ target: Target; function: string; words: string[] } & Deadlines, Submitted>
  orchestrate: Operation<{ name: string; test: boolean; pillar?: DataMap }, Submitted>
  'jobs.list': Operation<{ limit: number }, JobLine[]>
  'jobs.show': Operation<{ jid: string }, RunReport>
  'jobs.times': Operation<{ jid: string }, JobTimes>
  'jobs.cancel': Operation<{ jid: string }, Record<string, never>>
  'keys.list': Operation<Record<string, never>, KeyLine[]>
  /** With a fingerprint (or its beginning) also one that was denied, in place of the one accepted before. */
  'keys.accept': Operation<{ id: string; fingerprint?: string }, KeyLine>
  'keys.revoke': Operation<{ id: string }, KeyLine>
  'keys.delete': Operation<{ id: string }, Record<string, never>>
  'tokens.create': Operation<TokenInput, TokenMade>
  'tokens.list': Operation<Record<string, never>, TokenLine[]>
  'tokens.revoke': Operation<{ name: string }, Record<string, never>>
  'sources.list': Operation<Record<string, never>, SourceStatus[]>
  'sources.update': Operation<Record<string, never>, SourceStatus[]>
  'mine.update': Operation<{ target: Target }, { updated: string[]; failed: Record<string, string> }>
  'secrets.list': Operation<Record<string, never>, { name: string; made: string; by: string }[]>
  'secrets.set': Operation<{ name: string; value: string }, Record<string, never>>
  'secrets.delete': Operation<{ name: string }, Record<string, never>>
  /** Saves the plan of a job, for `plans.apply`; `states` and `pillar` are those that the job was given. */
  'plans.save': Operation<{ jid: string; states: string[]; pillar?: DataMap }, PlanInput>
  'plans.list': Operation<Record<string, never>, PlanLine[]>
  /** Plans the same once more, for `plans.apply`. Refused when its sources or its minions' facts moved since it was saved. */
  'plans.again': Operation<{ jid: string } & Deadlines, Submitted>
  /** Applies it, if that job planned just what was saved and nothing else has moved either. */
  'plans.apply': Operation<{ jid: string; again: string } & Deadlines, Submitted>
  'plans.delete': Operation<{ jid: string }, Record<string, never>>
  'show.pillar': Operation<{ id: string }, DataMap>
  'show.top': Operation<{ id: string }, { roles: string[]; states: string[] }>
  'show.lowstate': Operation<{ id: string; states: string[] }, LowState>
  'show.template': Operation<{ id: string; name: string }, Rendered>
  check: Operation<{ ids: string[] }, { checked: string[] }>
}

/** `POST /api/v1/<name>`, answered by one JSON line for each event (`application/x-ndjson`). */
export interface Streams {
  'jobs.watch': Operation<{ jid: string; after?: number }, JobEvent>
}

export interface Operation<Input, Output> {
  input: Input
  output: Output
}

interface Deadlines {
  /** Milliseconds; the master's own defaults (30 s to receive, 1 h to run) when left out. */
  deliveryMs?: number
  runMs?: number
}

export interface ApplyInput extends Deadlines {
  target: Target
  /** Empty: highstate. */
  states: string[]
  test: boolean
  pillar?: DataMap
  keepGoing?: boolean
}

export interface Submitted {
  jid: string
  targets: string[]
  /** Warnings of the compiler, and with `keepGoing` the errors of targets that were left out. */
  warnings: { target: string; text: string }[]
}

export interface MinionLine {
  id: string
  roles: string[]
  connected: boolean
  /** ISO 8601; when it was last heard of. */
  lastSeen: string | null
  address: string | null
  version: string | null
  /** Addresses of further live connections of this id, which wait: a clone, or a machine that has just come back. */
  waiting?: string[]
}

export interface KeyLine {
  id: string
  state: 'accepted' | 'pending' | 'denied' | 'revoked'
  /** SHA-256 of the public key, in hex. */
  fingerprint: string
  /** The roles that it has, or would get when accepted. */
  roles: string[]
  /** ISO 8601; when the certificate ends. */
  expires: string | null
}

export interface TokenInput {
  /** Globs of the ids that it may enrol. */
  ids: string[]
  roles: string[]
  uses: number
  expiresMs: number
}

export interface TokenMade {
  name: string
  /** Shown this once; only its digest is kept. */
  token: string
  /** SHA-256 of the CA certificate, in hex. */
  caFingerprint: string
  /** `host:port`, as minions of this token reach the master. */
  master: string
  /** One line for a root shell that installs and enrols a minion. */
  install: string
}

export interface TokenLine {
  name: string
  ids: string[]
  roles: string[]
  usesLeft: number
  expires: string
}

/** What every handler gets besides its input. */
export interface Caller {
  /** `operator` over the socket or with an operator's certificate. */
  name: string
}

export type Handlers = {
  [Name in keyof Operations]: (input: Operations[Name]['input'], caller: Caller) => Promise<Operations[Name]['output']>
}

/** Each ends when there is nothing more to tell, or when the signal is aborted because nobody listens any more. */
export type StreamHandlers = {
  [Name in keyof Streams]: (
    input: Streams[Name]['input'],
    signal: AbortSignal,
  ) => AsyncIterable<Streams[Name]['output']>
}

/** How the comment of a `fleet.check` begins that found nobody to ask. */
export const NOT_DEPLOYED = 'not deployed'
