import { textArgument, type Call } from '../cli/command.ts'
import { EXIT, type ExitCode } from '../cli/exit.ts'
import type { LowState } from '../compile/low.ts'
import type { ChunkResult } from '../run/result.ts'
import { explain } from './explain.ts'
import { formatExplanation } from './format.ts'

/** Throws when the state that the command line names is not there: before anybody is asked for a plan. */
export function requireState(low: LowState, call: Call): void {
  explain(low, [], textArgument(call, 'id'))
}

/** Prints why the states that the command line names would run or not. */
export function printExplanations(low: LowState, results: readonly ChunkResult[], call: Call): ExitCode {
  const found = explain(low, results, textArgument(call, 'id'))
  call.io.data(found)
  call.io.print(() => found.map(formatExplanation).join('\n\n'))
  return EXIT.ok
}
