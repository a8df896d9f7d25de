import type { z } from 'zod'
import { UserError, UserErrors } from '../../core/errors.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { Document } from './document.ts'

/** The document in the schema's shape, or `UserErrors` with every value that does not fit and its place. */
export function checkDocument<Schema extends z.ZodType>(document: Document, schema: Schema): z.output<Schema> {
  const checked = schema.safeParse(document.value)
  if (checked.success) return checked.data
  // A misspelt name first: that another one is missing often follows from it.
  const issues = checked.error.issues.toSorted((left, right) => misspelt(right) - misspelt(left))
  throw new UserErrors(issues.flatMap((issue) => errorsOf(issue, document, schema)))
}

function misspelt(issue: z.core.$ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? 1 : 0
}

function errorsOf(issue: z.core.$ZodIssue, document: Document, schema: z.ZodType): UserError[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) =>
        new UserError(
          'unknown-key',
          `'${key}' is not known ${path.length === 0 ? 'here' : `in '${path.join('.')}'`}.`,
          {
            hint: suggest(key, keysAt(schema, path)),
            at: document.placeOf([...path, key]),
          },
        ),
    )
  }
  const name = path.length === 0 ? 'The file' : `'${path.join('.')}'`
  const missing = valueAt(document.value, path) === undefined
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  return [
    new UserError('bad-value', missing ? `${name} is missing.` : `${name}: ${message}.`, {
      at: document.placeOf(missing ? path.slice(0, -1) : path),
    }),
  ]
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, step) => (typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined),
    value,
  )
}

/** The keys that an object of the schema may have, for the nearest one. Walks the schema as JSON Schema, its public form. */
function keysAt(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let here: unknown = schema.toJSONSchema({ unrepresentable: 'any', io: 'input' })
  for (const step of path) here = child(here, step)
  return Object.keys(property(here, 'properties') ?? {})
}

function child(schema: unknown, step: string | number): unknown {
  if (typeof step === 'number') return property(schema, 'items')
  return property(property(schema, 'properties'), step) ?? property(schema, 'additionalProperties')
}

function property(value: unknown, key: string): object | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof found === 'object' && found !== null ? found : undefined
}
