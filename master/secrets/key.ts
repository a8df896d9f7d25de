import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { makePrivateFolder, readPrivate, writePrivate } from '../pki/files.ts'

const BYTES = 32

/** The key that all secrets are encrypted with, in a file of its own: who has the database alone has no secret. */
export function openSecretsKey(folder: string): Buffer {
  const file = join(folder, 'secrets.key')
  const text = readPrivate(file)
  if (text !== undefined) return parseKey(text, file)
  makePrivateFolder(folder)
  const key = randomBytes(BYTES)
  writePrivate(file, `${key.toString('base64')}\n`)
  return key
}

function parseKey(text: string, file: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === BYTES) return key
  throw new UserError('bad-secrets-key', `${file} does not hold the key of the secrets.`, {
    hint: 'Bring back the file from a backup. Without it the secrets that are stored can never be read.',
  })
}
