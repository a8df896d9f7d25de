import type { Call } from '../cli/command.ts'
import { EXIT, type ExitCode } from '../cli/exit.ts'
import type { Rendered } from './rendered.ts'

/** Prints the text as it is, so that it can be compared with what lies on a machine. */
export function printRendered(rendered: Rendered, { io }: Pick<Call, 'io'>): ExitCode {
  io.data(rendered)
  io.print(rendered.text.replace(/\n$/u, ''))
  return EXIT.ok
}
