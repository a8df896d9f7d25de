import { textArgument, type Call } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import type { LowState } from '../../core/compile/low.ts'
import { explain } from '../../core/explain/explain.ts'
import { formatExplanation } from '../../core/explain/format.ts'
import type { ChunkResult } from '../../core/run/result.ts'

/** Prints why the states that the command line names would run or not. */
export function printExplanations(low: LowState, results: readonly ChunkResult[], call: Call): ExitCode {
  const found = explain(low, results, textArgument(call, 'id'))
  call.io.data(found)
  call.io.print(found.map(formatExplanation).join('\n\n'))
  return EXIT.ok
}
