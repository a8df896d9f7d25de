import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'

/** Where the copy of a workflow with that digest lies. */
export function keptFolder(kept: string, digest: string): string {
  return join(kept, digest)
}

/**
 * Copies a workflow's folder to where nobody edits it, so that a run is what the workflow was when it was created. Gives
 * the digest of its names, modes and contents. `config`, the file that becomes the workflow's configuration, is left out:
 * it is kept as such.
 */
export async function keepWorkflow(folder: string, config: string, kept: string): Promise<string> {
  const files = (await filesOf(folder)).filter((file) => resolve(folder, file) !== resolve(config))
  const digest = await digestOf(folder, files)
  const target = keptFolder(kept, digest)
  if (existsSync(target)) return digest
  const draft = join(kept, `.${digest}-${randomUUID()}`)
  try {
    for (const file of files) {
      await mkdir(dirname(join(draft, file)), { recursive: true })
      await copyFile(join(folder, file), join(draft, file))
    }
    await rename(draft, target)
  } catch (error) {
    // Another program may have kept the same folder at the same moment: then it is there already.
    if (!existsSync(target)) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return digest
}

/** All files below a folder, as sorted relative paths. Git's own folder is no part of a workflow. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (name.split('/').includes('.git') || entry.isDirectory()) continue
    if (!(await stat(path)).isFile()) {
      throw new UserError('bad-workflow', `A workflow holds files and folders only; ${path} is something else.`)
    }
    files.push(name)
  }
  return files.sort()
}

async function digestOf(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) {
    const { mode } = await stat(join(folder, file))
    const content = await readFile(join(folder, file))
    hash.update(`${JSON.stringify(file)} ${(mode & 0o111) === 0 ? 'file' : 'program'} ${content.length}\n`)
    hash.update(content)
  }
  return hash.digest('hex')
}
