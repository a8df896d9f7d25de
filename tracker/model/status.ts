import { UserError } from '../../core/errors.ts'

/** The states of an analysis run, in the order of the numbers that the database holds. */
export const RUN_STATUSES = ['ready', 'scheduled', 'in-progress', 'completed', 'error'] as const

export type RunStatus = (typeof RUN_STATUSES)[number]

/** What may come before each state. A run that is going on is never made ready: it would run twice. */
const BEFORE: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  ready: ['ready', 'scheduled', 'completed', 'error'],
  scheduled: ['ready'],
  'in-progress': ['scheduled'],
  completed: ['in-progress'],
  error: ['ready', 'scheduled', 'in-progress', 'completed', 'error'],
}

/** Why a run is in `error`. */
export const ERROR_KINDS = ['task-failed', 'timed-out', 'cancelled', 'engine-stopped', 'not-started'] as const

export type ErrorKind = (typeof ERROR_KINDS)[number]

export interface RunError {
  kind: ErrorKind
  /** A whole sentence for a person. */
  cause: string
  /** The exit code of the program that failed, when it was one. */
  exitCode?: number
}

/** The states from which a run may go to `to`. */
export function legalBefore(to: RunStatus): readonly RunStatus[] {
  return BEFORE[to]
}

export function isLegal(from: RunStatus, to: RunStatus): boolean {
  return BEFORE[to].includes(from)
}

/** Nothing happens to the run any more unless somebody asks for it. */
export function isFinal(status: RunStatus): boolean {
  return status === 'completed' || status === 'error'
}

export function illegalTransition(runId: number, from: RunStatus, to: RunStatus): UserError {
  return new UserError('illegal-transition', `Analysis run ${runId} is ${from}; it can't become ${to}.`, {
    hint: `Only a run that is ${BEFORE[to].join(' or ')} can.`,
  })
}

export function statusNumber(status: RunStatus): number {
  return RUN_STATUSES.indexOf(status)
}

/** The number that the database holds, as a state. Another number is a bug or another program's work. */
export function statusOf(number: number): RunStatus {
  const status = RUN_STATUSES[number]
  if (status === undefined) throw new Error(`${number} is no state of an analysis run.`)
  return status
}

/** The numbers of the states in which a run belongs to an engine that must be alive. */
export const LEASED: readonly number[] = [statusNumber('scheduled'), statusNumber('in-progress')]
