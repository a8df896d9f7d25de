import { textOption, type Call } from '../../core/cli/command.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import { connect, type Api } from '../api/client.ts'

/** The master of this machine, as the command line says where it is. */
export function masterOf(call: Call): Api {
  return connect(layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') }))
}
