import type { Call } from '../../../core/cli/command.ts'
import { textOption } from '../../../core/cli/command.ts'
import type { ExitCode } from '../../../core/cli/exit.ts'
import { layoutOf } from '../../../core/cli/layout.ts'
import type { CallRequest } from '../request.ts'

/** Does a request with what the master knows of this machine, through its agent. */
export async function runConnected(request: CallRequest, call: Call): Promise<ExitCode> {
  const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
  if (request.kind === 'state') {
    const { stateRun } = await import('./state-run.ts')
    return stateRun(request, { layout, call })
  }
  if (request.kind === 'explain') {
    const { explainState } = await import('./state-run.ts')
    return explainState(request, { layout, call })
  }
  if (request.kind === 'template') {
    const { showTemplate } = await import('./show.ts')
    return showTemplate(request, { layout, call })
  }
  if (request.kind === 'show') {
    const { show } = await import('./show.ts')
    return show(request, { layout, call })
  }
  const { callFunction } = await import('./function.ts')
  return callFunction(request, { layout, call })
}
