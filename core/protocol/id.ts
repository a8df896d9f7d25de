import { UserError } from '../errors.ts'

/** A minion's id is part of file names, targets and certificates: letters, digits, dots, dashes and underscores. */
export function checkId(id: string): string {
  if (/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/iu.test(id) && !id.includes('..')) return id
  throw new UserError('bad-id', `'${id}' can't be a minion's id.`, {
    hint: 'Use up to 64 letters, digits, dots, dashes and underscores; a letter or digit first and last.',
  })
}
