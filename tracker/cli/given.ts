import type { Call } from '../../core/cli/command.ts'
import { textOption } from '../../core/cli/command.ts'
import { parseId } from '../model/ids.ts'
import { RUN_STATUSES, type RunStatus } from '../model/status.ts'

const WHAT = { workflow_id: 'a workflow', analysis_id: 'an analysis', analysis_run_id: 'an analysis run' } as const

type IdFlag = keyof typeof WHAT

/** The id of an option, when it was given. */
export function idOption(call: Call, flag: IdFlag): number | undefined {
  const text = textOption(call, flag)
  return text === undefined ? undefined : parseId(text, WHAT[flag])
}

/** The id of an option that the parser has made sure of. */
export function requiredId(call: Call, flag: IdFlag): number {
  return parseId(requiredText(call, flag), WHAT[flag])
}

export function requiredText(call: Call, flag: string): string {
  const text = textOption(call, flag)
  if (text === undefined) throw new Error(`--${flag} is no option of this command.`)
  return text
}

/** A state of runs, when it was given; the parser has checked its name. */
export function statusOption(call: Call): RunStatus | undefined {
  const given = textOption(call, 'run_status')
  return RUN_STATUSES.find((status) => status === given)
}
