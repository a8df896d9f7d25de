import type { Data } from '../../data.ts'
import type { Place } from '../../errors.ts'
import { UserError } from '../../errors.ts'

/** A value as text. A list, a map and null have none: an error that says what to write instead. */
export function scalarText(value: Data, what: { written: string; at: Place }): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const inner = what.written.replace(/^\{+~?\s*|\s*~?\}+$/gu, '')
  const argument = /\s/u.test(inner) ? `(${inner})` : inner
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'a map'
  const hint =
    value === null
      ? `Give it a value, write {{default ${argument} ''}}, or {{json ${argument}}} for a null.`
      : `Write {{json ${argument}}}${Array.isArray(value) ? `, or {{join ${argument} ', '}} for its items` : ', or name one of its keys'}.`
  throw new UserError('no-text', `${what.written} is ${kind}, which can't be written as text.`, { hint, at: what.at })
}
