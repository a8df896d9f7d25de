import type { Data } from '../../data.ts'
import { isMap } from '../../data.ts'
import type { Place } from '../../errors.ts'
import { UserError } from '../../errors.ts'
import { hasSecretMarker } from '../../secret.ts'

/** What `if` and the logic helpers take as true: Handlebars' rule. A secret says nothing about itself. */
export function isTrue(value: Data, what: { written: string; at: Place }): boolean {
  if (typeof value === 'string' && hasSecretMarker(value)) throw secretDecides(what)
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) || Boolean(value)
}

export function secretDecides({ written, at }: { written: string; at: Place }): UserError {
  return new UserError('secret-decides', `'${written}' is a secret: a template can write it, not decide by it.`, {
    hint: 'Its value is known only where it is applied.',
    at,
  })
}
