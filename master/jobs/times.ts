import type { ChunkResult, RunReport } from '../../core/run/result.ts'

/** Where the time of a job went. All times in milliseconds. */
export interface JobTimes {
  jid: string
  /** From the job's beginning to the end of its last target; to now when it has not ended. */
  ms: number
  /** Of an orchestration: its steps, in their order. */
  steps: StateTime[]
  /** The machines that were at work for it, the longest first. */
  hosts: HostTime[]
}

export interface HostTime {
  id: string
  /** The sum over its states: those of one machine run one after the other, but for `parallel`. */
  ms: number
  /** Its states, the longest first; equal ones of several steps are one. */
  states: StateTime[]
}

export interface StateTime {
  function: string
  id: string
  ms: number
}

/** How many states are told of one machine: the rest is small. */
const STATES = 5

/** @param parts the reports of the jobs that it sent; of a job that sent none its own */
export function timesOf(
  job: { jid: string; ms: number },
  steps: readonly ChunkResult[],
  parts: readonly RunReport[],
): JobTimes {
  const hosts = new Map<string, Map<string, StateTime>>()
  for (const { targets } of parts) {
    for (const [id, { results }] of Object.entries(targets)) {
      // a function has no states
      if (results.length === 0) continue
      const states = hosts.get(id) ?? new Map<string, StateTime>()
      hosts.set(id, states)
      for (const result of results) {
        const key = `${result.function} ${result.id} ${result.name}`
        const { ms = 0 } = states.get(key) ?? {}
        states.set(key, { ...timeOf(result), ms: ms + result.duration_ms })
      }
    }
  }
  return { ...job, steps: steps.map(timeOf), hosts: [...hosts].map(hostTime).toSorted(longestFirst) }
}

function hostTime([id, states]: [string, ReadonlyMap<string, StateTime>]): HostTime {
  const all = [...states.values()].toSorted(longestFirst)
  return { id, ms: all.reduce((sum, { ms }) => sum + ms, 0), states: all.slice(0, STATES) }
}

function timeOf({ function: name, id, duration_ms: ms }: ChunkResult): StateTime {
  return { function: name, id, ms }
}

function longestFirst(one: { ms: number }, other: { ms: number }): number {
  return other.ms - one.ms
}
