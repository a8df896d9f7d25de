import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { DataMap } from '../../core/data.ts'
import { UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import { isDocumentName, readConfiguration } from '../model/document.ts'
import { errnoOf } from '../model/errno.ts'

/** One file of a launch: the configuration of one run. */
export interface FoundRun {
  /** As errors name it. */
  file: string
  /** Relative to the folder. */
  source: string
  config: DataMap
}

export interface RunFolder {
  /** Sorted by their paths. */
  runs: FoundRun[]
  /** Files that are not hidden and are no configurations, by their endings. */
  ignored: string[]
}

/** Reads all configurations below a folder, or throws `UserErrors` with every file that is wrong. */
export async function readRunFolder(folder: string): Promise<RunFolder> {
  const names = await filesBelow(folder)
  const sources = names.filter(isDocumentName)
  const ignored = names.filter((name) => !isDocumentName(name))
  if (sources.length === 0) {
    throw new UserError('no-runs', `There is no configuration in ${folder}.`, {
      hint: 'Each analysis run is one file that ends in .json or .yaml; a run that sets nothing of its own is {}.',
    })
  }
  const errors: UserError[] = []
  const runs: FoundRun[] = []
  for (const source of sources) {
    const file = join(folder, source)
    try {
      runs.push({ file, source, config: await readConfiguration(file) })
    } catch (thrown) {
      const found = userErrorsOf(thrown)
      if (found === undefined) throw thrown
      errors.push(...found)
    }
  }
  if (errors.length > 0) throw new UserErrors(errors)
  return { runs, ignored }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw notAFolder(error, folder)
  })
  const files: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (name.split('/').some((part) => part.startsWith('.'))) continue
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(path)).isFile())) files.push(name)
  }
  return files.sort()
}

function notAFolder(error: unknown, folder: string): unknown {
  const code = errnoOf(error)
  if (code === 'ENOENT')
    return new UserError('no-such-folder', `There is no folder ${folder}.`, { hint: 'Look at its spelling.' })
  if (code === 'EACCES') return new UserError('unreadable', `You may not read ${folder}.`)
  if (code !== 'ENOTDIR') return error
  return new UserError('not-a-folder', `${folder} is a file; -c takes the folder that holds the runs' files.`)
}
