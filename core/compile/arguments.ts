import type { z } from 'zod'
import type { Data, DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import type { Place } from '../errors.ts'
import { UserError, UserErrors, userErrorsOf } from '../errors.ts'
import { nearest, suggest } from '../text/nearest.ts'
import { parseYaml } from '../text/yaml.ts'
import { keysOf } from './schema.ts'
import { shown } from './shown.ts'

/** Whose arguments are checked, and where they stand. */
export interface Checked {
  /** `file.managed`: named in every error. */
  what: string
  /** Where the function is named: the place of an argument that is missing. */
  at?: Place | undefined
  /** Where an argument, or something inside it, stands. */
  placeOf?(path: readonly (string | number)[]): Place | undefined
}

/**
 * Checks arguments by a state's or function's zod schema: what comes out has its defaults filled in. Throws `UserErrors`
 * with one error for each unknown, missing or wrong argument.
 */
export function checkArgs(schema: z.ZodType, given: DataMap, checked: Checked): DataMap {
  const result = schema.safeParse(given)
  // The cast is the border where the schema's answer becomes plain data; `args()` makes only such schemas.
  if (result.success) return withoutUndefined(result.data as DataMap)
  throw new UserErrors(result.error.issues.flatMap((issue) => errorsOf(issue, schema, given, checked)))
}

function errorsOf(issue: z.core.$ZodIssue, schema: z.ZodType, given: DataMap, checked: Checked): UserError[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const at = checked.placeOf?.(path) ?? checked.at
  if (issue.code === 'unrecognized_keys' && path.length === 0) {
    return issue.keys.map((key) => unknownArgument(key, schema, checked))
  }
  const value = valueAt(given, path) ?? (path.length > 1 ? valueAt(given, path.slice(0, 1)) : undefined)
  if (path.length === 1 && value === undefined) {
    return [
      new UserError('missing-argument', `'${checked.what}' needs the argument '${path[0]}'.`, {
        hint: missingHint(given, schema),
        at: checked.at,
      }),
    ]
  }
  const name = path.length === 0 ? 'arguments' : `argument '${path.join('.')}'`
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `'${key}'`).join(', ')
    return [new UserError('bad-argument', `The ${name} of '${checked.what}' has no key ${keys}.`, { at })]
  }
  const message = `The ${name} of '${checked.what}' ${wanted(issue)}, not ${shown(value)}.`
  return [new UserError('bad-argument', message, { hint: choiceHint(issue, value), at })]
}

function unknownArgument(key: string, schema: z.ZodType, checked: Checked): UserError {
  return new UserError('unknown-argument', `'${checked.what}' has no argument '${key}'.`, {
    hint: didYouMean(key, schema),
    at: checked.placeOf?.([key]) ?? checked.at,
  })
}

function didYouMean(word: string, schema: z.ZodType): string {
  const near = nearest(word, keysOf(schema))
  return near === undefined ? `It takes: ${keysOf(schema).join(', ')}.` : `Did you mean '${near}'?`
}

/** An argument that is missing is often one that is misspelt; then that error says enough. */
function missingHint(given: DataMap, schema: z.ZodType): string | undefined {
  const strangers = Object.keys(given).filter((name) => !keysOf(schema).includes(name))
  return strangers.length > 0 ? undefined : `It takes: ${keysOf(schema).join(', ')}.`
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be a map',
  record: 'must be a map',
}

function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? `must be ${issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_union') return unionWanted(issue)
  return issue.message.startsWith('must ') ? issue.message : `is refused (${issue.message})`
}

/** A value that fits none of several forms: each form says what it wanted. */
function unionWanted(issue: z.core.$ZodIssueInvalidUnion): string {
  const forms = issue.errors.flatMap(([first]) => (first === undefined ? [] : wanted(first).replace(/^must be /u, '')))
  return forms.length === 0 ? 'fits none of its forms' : `must be ${[...new Set(forms)].join(' or ')}`
}

function choiceHint(issue: z.core.$ZodIssue, value: Data | undefined): string | undefined {
  return issue.code === 'invalid_value' && typeof value === 'string'
    ? suggest(value, issue.values.map(String))
    : undefined
}

function valueAt(data: Data | undefined, path: readonly (string | number)[]): Data | undefined {
  return path.reduce<Data | undefined>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)]
    return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }, data)
}

function withoutUndefined(data: DataMap): DataMap {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
}

/** The words of a command line after a function's name: `name=value` names an argument, the rest stands in order. */
export function parseWords(words: readonly string[]): { positional: Data[]; named: DataMap } {
  const pairs = words.map((word) => /^([A-Za-z_]\w*)=(.*)$/su.exec(word) ?? word)
  return {
    positional: pairs.flatMap((pair) => (typeof pair === 'string' ? [parseWord(pair)] : [])),
    named: Object.fromEntries(
      pairs.flatMap((pair) => (typeof pair === 'string' ? [] : [[pair[1] ?? '', parseWord(pair[2] ?? '')] as const])),
    ),
  }
}

/** A word of a command line as Salt reads it: YAML where it is a scalar or looks like a list or map, else the text. */
export function parseWord(word: string): Data {
  if (word === '' || /[\n]|^#| #|^[-+]?[\d,_]*_/u.test(word)) return word
  try {
    const { value } = parseYaml(word, 'the command line')
    if (Array.isArray(value)) return word.trimStart().startsWith('[') ? value : word
    if (isMap(value)) return word.trimStart().startsWith('{') ? value : word
    return value
  } catch (thrown) {
    if (userErrorsOf(thrown) === undefined) throw thrown
    return word
  }
}

/** Puts positional values into the first arguments that are not named. Throws when there are too many. */
export function nameWords(
  schema: z.ZodType,
  words: { positional: readonly Data[]; named: DataMap },
  checked: Checked,
): DataMap {
  const open = keysOf(schema).filter((key) => !Object.hasOwn(words.named, key))
  const tooMany = words.positional[open.length]
  if (tooMany !== undefined) {
    throw new UserError('too-many-arguments', `'${checked.what}' has no argument left for ${shown(tooMany)}.`, {
      hint: keysOf(schema).length === 0 ? 'It takes no arguments.' : `It takes: ${keysOf(schema).join(', ')}.`,
      at: checked.at,
    })
  }
  const positional = words.positional.map((value, index) => [open[index] ?? '', value] as const)
  return { ...Object.fromEntries(positional), ...words.named }
}
