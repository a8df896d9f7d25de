import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Layout } from './layout.ts'

/** What the system allows for the path of a local socket, in bytes: 108 on Linux, 104 elsewhere, with a final zero. */
const LONGEST = 103

/** Where the programs of this machine reach its master or its minion's agent. */
export function socketPath(layout: Layout, whose: 'master' | 'minion'): string {
  const path = join(layout.run, `${whose}.sock`)
  if (Buffer.byteLength(path) <= LONGEST) return path
  throw new UserError('path-too-long', `The path of the ${whose}'s socket is too long for this system: ${path}.`, {
    hint: `It may have ${LONGEST} bytes: use a shorter --root.`,
  })
}
