import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { TrackerClient } from './tracker-client.ts'

/** The folder of a workflow on this machine; fetched from the tracker the first time. */
export async function workflowCopy(client: TrackerClient, workdir: string, digest: string): Promise<string> {
  const target = join(workdir, 'workflows', digest)
  if (existsSync(target)) return target
  const draft = join(workdir, 'workflows', `.${digest}-${randomUUID()}`)
  try {
    await mkdir(draft, { recursive: true })
    for (const { path, isProgram } of await client.filesOf(digest)) {
      if (path.startsWith('/') || normalize(path).startsWith('..')) {
        throw new UserError('bad-path', `The tracker names a file '${path}' outside of its workflow.`)
      }
      await mkdir(dirname(join(draft, path)), { recursive: true })
      await writeFile(join(draft, path), await client.file(digest, path))
      if (isProgram) await chmod(join(draft, path), 0o755)
    }
    await rename(draft, target)
  } catch (error) {
    // Another task may have fetched the same at the same moment.
    if (!existsSync(target)) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return target
}
