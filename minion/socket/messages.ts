import type { LowState } from '../../core/compile/low.ts'
import type { Data, DataMap } from '../../core/data.ts'
import type { Ask, StateRequest } from '../../core/protocol/messages.ts'
import type { LoggedEvent } from '../../core/run/event.ts'

/** What programs on this machine ask the agent, over its local socket. */
export interface ToAgent {
  status: Ask<Record<string, never>, AgentStatus>
  /** The master compiles for this minion and sends it a job; the answer is that job's id. */
  'state.request': Ask<StateRequest, { jid: string }>
  'pillar.request': Ask<{ pillar?: DataMap }, { pillar: DataMap }>
  'low.request': Ask<{ states: string[]; pillar?: DataMap }, { low: LowState }>
  'template.request': Ask<{ name: string; pillar?: DataMap }, { file: string; text: string }>
  'mine.get': Ask<{ target: string; function: string }, { values: Record<string, Data> }>
  /** Sends the events of a job, from its first, until it has ended: the answer comes after the last one. */
  follow: Ask<{ jid: string }, Record<string, never>>
  cancel: Ask<{ jid: string }, { known: boolean }>
}

/** What the agent tells those that follow a job. */
export interface FromAgent {
  events: Ask<{ jid: string; events: LoggedEvent[] }, Record<string, never>>
}

export interface AgentStatus {
  id: string
  version: string
  pid: number
  /** `host:port` as configured. */
  master: string
  connected: boolean
  /** ISO 8601: since when it has been so. */
  since: string
  /** The master's name while connected, else why it is not. */
  words: string
  /** ISO 8601: when the certificate ends. */
  certificateEnds: string
  jobs: { jid: string; state: 'running' | 'waiting' }[]
}
