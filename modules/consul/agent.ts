import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

const ADDRESS = 'http://127.0.0.1:8500'

/** Asks the Consul agent of this machine over HTTP; what it answers is the caller's to check. */
export async function askAgent(view: View, path: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await view.fetch(`${ADDRESS}${path}`)))
  } catch (error) {
    throw new UserError('consul-unreachable', `Consul's agent does not answer at ${ADDRESS}${path}.`, {
      hint: "Is it running? See 'service.status consul'.",
      cause: error,
    })
  }
}
