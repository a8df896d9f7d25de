import { join } from 'node:path'
import type { Layout } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'

/** What the system allows for the path of a local socket, in bytes: 108 on Linux, 104 elsewhere, with a final zero. */
const LONGEST = 103

export function socketPath(layout: Layout): string {
  const path = join(layout.run, 'minion.sock')
  if (Buffer.byteLength(path) <= LONGEST) return path
  throw new UserError('path-too-long', `The path of the minion's socket is too long for this system: ${path}.`, {
    hint: `It may have ${LONGEST} bytes: use a shorter --root.`,
  })
}
