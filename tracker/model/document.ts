import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { z } from 'zod'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import type { Place } from '../../core/errors.ts'
import { UserError } from '../../core/errors.ts'
import { checkDocument } from './checked.ts'
import { parseJson } from './json.ts'
import { parseYaml } from '../../core/text/yaml.ts'
import { errnoOf } from './errno.ts'

/** The endings of the files that hold configurations and workflows. */
const ENDINGS = ['.json', '.yaml', '.yml']

/** What stands in a file, and where in it. */
export interface Document {
  readonly file: string
  readonly value: Data
  placeOf(path: readonly (string | number)[]): Place
}

export function isDocumentName(file: string): boolean {
  return ENDINGS.includes(extname(file).toLowerCase())
}

/** Reads JSON or YAML, by the file's ending; a file without a known ending is read as YAML. */
export async function readDocument(file: string): Promise<Document> {
  return parseDocument(await readText(file), file)
}

export function parseDocument(text: string, file: string): Document {
  if (extname(file).toLowerCase() !== '.json') return { file, ...parseYaml(text, file) }
  // Places in JSON are asked for only when something is wrong with it, so the slower reader runs only then.
  return { file, value: parseJson(text, file), placeOf: (path) => parseYaml(text, file).placeOf(path) }
}

/** Reads a file of one known shape, or throws all that is wrong with it. */
export async function readChecked<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  return checkDocument(await readDocument(file), schema)
}

/** Reads one level of configuration: a map of anything. */
export async function readConfiguration(file: string): Promise<DataMap> {
  const { value } = await readDocument(file)
  if (isMap(value)) return value
  const found =
    value === null || value === undefined ? 'empty' : Array.isArray(value) ? 'a list' : JSON.stringify(value)
  throw new UserError('bad-configuration', `A configuration is a map of names and values; this one is ${found}.`, {
    hint: 'A configuration that sets nothing is {}.',
    at: { file },
  })
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(error, file)
  }
}

function unreadable(error: unknown, file: string): unknown {
  const code = errnoOf(error)
  if (code === 'ENOENT')
    return new UserError('no-such-file', `There is no file ${file}.`, { hint: 'Look at its spelling.' })
  if (code === 'EISDIR') return new UserError('not-a-file', `${file} is a folder; this must be a file.`)
  if (code === 'EACCES') return new UserError('unreadable', `You may not read ${file}.`, { cause: error })
  return error
}
