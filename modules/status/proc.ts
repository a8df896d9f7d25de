import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

/** A file of the kernel's. Throws where there is none (macOS). */
export async function readProc(view: View, path: string): Promise<string> {
  const content = await view.read(path)
  if (content !== undefined) return new TextDecoder().decode(content)
  throw new UserError('not-supported', `This machine has no ${path}; only Linux does.`)
}
