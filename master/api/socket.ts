import { join } from 'node:path'
import type { Layout } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'

/** What the system allows for the path of a local socket, in bytes: 108 on Linux, 104 elsewhere, with a final zero. */
const LONGEST = 103

/** Where the operator's programs reach the master of this machine. */
export function socketPath(layout: Layout): string {
  const path = join(layout.run, 'master.sock')
  if (Buffer.byteLength(path) <= LONGEST) return path
  throw new UserError('path-too-long', `The path of the master's socket is too long for this system: ${path}.`, {
    hint: `It may have ${LONGEST} bytes: use a shorter --root.`,
  })
}
