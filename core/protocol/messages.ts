import type { Data, DataMap } from '../data.ts'
import type { ErrorData } from '../errors.ts'
import type { LowState } from '../compile/low.ts'
import type { LoggedEvent } from '../run/event.ts'

/**
 * Every message between master and minion: a question and its answer. The map is only ever added to, and fields are
 * only ever added, optional, so that a new master understands old minions and the reverse. Who sends is in the name of
 * the map; the minion's id comes from its certificate and is in no message.
 */
export interface ToMaster {
  /** The first message on a connection. */
  hello: Ask<Hello, { master: string; time: string }>
  /** Events of a job, in order; `from` is the first one's seq. The answer says up to which seq all are safely stored. */
  events: Ask<{ jid: string; events: LoggedEvent[] }, { stored: number }>
  /** `butler-call highstate` and the like: the master compiles for this minion and sends it a job as usual. */
  'state.request': Ask<StateRequest, { jid: string }>
  /** The minion's own pillar, secrets as references only. */
  'pillar.request': Ask<{ pillar?: DataMap }, { pillar: DataMap }>
  /** What the master would have this minion do, for `butler-call show`: its own low state and nobody else's. */
  'low.request': Ask<{ states: string[]; pillar?: DataMap }, { low: LowState }>
  /** A file of the states as it comes out for this minion, secrets by name. */
  'template.request': Ask<{ name: string; pillar?: DataMap }, { file: string; text: string }>
  'mine.put': Ask<{ values: Record<string, Data> }, Record<string, never>>
  'mine.get': Ask<{ target: string; function: string }, { values: Record<string, Data> }>
  /** A certificate request in PEM for the same id, and the certificate that answers it. */
  renew: Ask<{ request: string }, { certificate: string; ca: string }>
}

export interface ToMinion {
  /** The answer is the receipt: from here on the minion has the job on its own disk. */
  job: Ask<JobMessage, { received: true; position: number }>
  'job.cancel': Ask<{ jid: string }, { known: boolean }>
  /** Fresh grains, and what `mine_functions` now say. */
  refresh: Ask<{ grains: boolean; mine: MineFunctions }, { grains?: DataMap; mine: Record<string, Data> }>
}

/** `alias -> function and arguments`, in order and by name, as pillar's `mine_functions` give them. */
export type MineFunctions = Record<string, { function: string; args: Data[]; named?: DataMap }>

export interface Ask<Question, Answer> {
  question: Question
  answer: Answer
}

export interface Hello {
  version: string
  /** Digest of the agent's catalogue: what it can do. */
  catalog: string
  functions: string[]
  grains: DataMap
  /** Jobs that the minion has written down and the master has not confirmed to the end. */
  jobs: HeldJob[]
}

export interface HeldJob {
  jid: string
  lastSeq: number
  ended: boolean
  /**
   * It was received but never begun, and the minion has restarted since: the work, which is kept in memory only, is
   * gone. The master sends the job again; a minion begins a jid once, whatever it is sent.
   */
  lost?: boolean
}

export interface StateRequest {
  /** State files to apply; empty: highstate. */
  states: string[]
  test: boolean
  pillar?: DataMap
}

export interface JobMessage {
  jid: string
  work: StateWork | FunctionWork
  /** Values of the secrets that the work names. For memory only. */
  secrets: Record<string, string>
  /** How long the work itself may take, in milliseconds. Deadlines travel as durations: clocks differ. */
  runMs: number
}

export interface StateWork {
  kind: 'state'
  test: boolean
  snapshot: string
  /** Sent along when it fits a frame; else fetched from `/files/<digest>`, which serves it to this minion only. */
  low: { inline: LowState } | { digest: string }
  /** The minion's pillar, for arguments that come from it and for guards by function. */
  pillar: DataMap
}

export interface FunctionWork {
  kind: 'function'
  function: string
  args: DataMap
  pillar: DataMap
}

/** One JSON text frame. A question has `ask`, its answer the same `id` and `ok` or `error`. */
export type Frame =
  | { id: number; ask: string; body: Data }
  | { id: number; ok: Data }
  // `others`: the rest of the errors, when there is more than one (a compile finds them all)
  | { id: number; error: ErrorData; others?: ErrorData[] }

/** In bytes. A larger frame ends the connection. */
export const MAX_FRAME = 1024 * 1024

/** The minion's end of the enrolment over HTTPS, before it has a certificate: `POST /enroll`. */
export interface EnrollRequest {
  id: string
  /** PKCS#10 in PEM. */
  request: string
  token?: string
}

export type EnrollAnswer =
  | { state: 'accepted'; certificate: string; ca: string }
  /** The request waits for the operator; ask again after this many seconds. */
  | { state: 'pending'; fingerprint: string; retryAfter: number }
  | { state: 'denied'; reason: string }
