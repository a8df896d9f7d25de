import type { Call } from '../../../core/cli/command.ts'
import type { ExitCode } from '../../../core/cli/exit.ts'
import type { CallRequest } from '../request.ts'
import { openSession } from './session.ts'

/** Does a request with the files of this machine alone. */
export async function runLocal(request: CallRequest, call: Call): Promise<ExitCode> {
  const session = await openSession(call)
  if (request.kind === 'state') {
    const { applyLocally } = await import('./apply.ts')
    return applyLocally(request, session, call)
  }
  if (request.kind === 'explain') {
    const { explainLocally } = await import('./apply.ts')
    return explainLocally(request, session, call)
  }
  if (request.kind === 'show') {
    const { showLocally } = await import('./show.ts')
    return showLocally(request, session, call)
  }
  if (request.kind === 'template') {
    const { showTemplateLocally } = await import('./show.ts')
    return showTemplateLocally(request, session, call)
  }
  const { callLocally } = await import('./function.ts')
  return callLocally(request, session, call)
}
