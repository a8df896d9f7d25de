import { basename } from 'node:path'
import { UserError } from '../../core/errors.ts'

const LARGEST = 2 ** 31 - 1
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u

/** The number of a workflow, an analysis or a run, as it stands on a command line. */
export function parseId(text: string, what: string): number {
  const id = /^\d+$/u.test(text) ? Number(text) : Number.NaN
  if (!(id >= 1 && id <= LARGEST)) {
    throw new UserError('bad-id', `'${text}' is no id of ${what}.`, { hint: 'Ids are whole numbers from 1.' })
  }
  return id
}

/** Lower case, with dashes, version 4: the only form in which a configuration's id is accepted and shown. */
export function isConfigurationId(text: string): boolean {
  return UUID4.test(text)
}

export function parseConfigurationId(text: string): string {
  if (isConfigurationId(text)) return text
  throw new UserError('bad-id', `'${text}' is no id of a configuration.`, {
    hint: 'It is a version 4 UUID in lower case, such as 2f1a8f0e-6b1d-4c7e-9d55-0a6f2b3c4d5e.',
  })
}

/** The id that a file is named after: `2f1a….json` with `--id_from_filename`. */
export function configurationIdOfFile(file: string): string {
  const [stem = ''] = basename(file).split('.')
  if (isConfigurationId(stem)) return stem
  throw new UserError('bad-id', `'${stem}' is no id of a configuration.`, {
    hint: 'With --id_from_filename each file is named after a version 4 UUID, such as 2f1a8f0e-6b1d-4c7e-9d55-0a6f2b3c4d5e.json.',
    at: { file },
  })
}
