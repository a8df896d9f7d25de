import { stringify } from 'yaml'
import type { Data, DataMap } from '../../data.ts'
import { inKeyOrder, isMap } from '../../data.ts'
import type { Place } from '../../errors.ts'
import { UserError } from '../../errors.ts'
import { hasSecretMarker, secretMarker } from '../../secret.ts'
import { stepInto } from './scope.ts'
import { scalarText } from './text.ts'
import { isTrue, secretDecides } from './truth.ts'

/** Other minions' mine values: minion -> value. */
export type Mine = (target: string, fun: string) => Record<string, Data>

/** An argument that is evaluated when it is asked for. */
interface Lazy {
  get(): Data
  /** `undefined` where `get` would throw for an undefined value. */
  find(): Data | undefined
  readonly written: string
  readonly at: Place
}

export interface HelperCall {
  readonly name: string
  readonly at: Place
  readonly values: readonly Lazy[]
  readonly options: ReadonlyMap<string, Data>
  readonly mine: Mine
}

export interface Helper {
  /** How it is written: part of error messages. */
  readonly usage: string
  /** The fewest and the most arguments. */
  readonly takes: readonly [number, number]
  readonly options?: readonly string[]
  /** What it gives is YAML or laid out already, and goes into the file as it is. */
  readonly raw?: boolean
  /** `undefined` when there is no such value. */
  run(call: HelperCall): Data | undefined
  missing?(written: string, at: Place): UserError
}

const MANY = Number.POSITIVE_INFINITY

/** All helpers that give a value. Blocks (`if`, `each` ...) are in render.ts. */
export const HELPERS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['mine', { usage: "mine 'TARGET' 'FUNCTION'", takes: [2, 2], run: mine }],
  ['secret', { usage: "secret 'NAME'", takes: [1, MANY], run: secret }],
  [
    'lookup',
    {
      usage: 'lookup MAP KEY',
      takes: [2, 2],
      run: ({ values: [map, key] }) => stepInto(map?.get() ?? null, text(key)),
    },
  ],
  ['default', { usage: 'default VALUE FALLBACK', takes: [2, MANY], run: fallback }],
  ['eq', { usage: 'eq A B', takes: [2, 2], run: ({ values: [one, other] }) => same(one, other) }],
  ['ne', { usage: 'ne A B', takes: [2, 2], run: ({ values: [one, other] }) => !same(one, other) }],
  ['and', { usage: 'and A B', takes: [2, MANY], run: ({ values }) => firstThat(values, false) }],
  ['or', { usage: 'or A B', takes: [2, MANY], run: ({ values }) => firstThat(values, true) }],
  [
    'not',
    { usage: 'not A', takes: [1, 1], run: ({ values: [value] }) => value !== undefined && !isTrue(value.get(), value) },
  ],
  ['in', { usage: 'in VALUE LIST', takes: [2, 2], run: contains }],
  ['join', { usage: "join LIST ', '", takes: [1, 2], run: join }],
  ['length', { usage: 'length LIST', takes: [1, 1], run: length }],
  ['json', { usage: 'json VALUE', takes: [1, 1], options: ['indent'], raw: true, run: json }],
  ['yaml', { usage: 'yaml VALUE', takes: [1, 1], raw: true, run: ({ values: [value] }) => yaml(value?.get() ?? null) }],
  ['indent', { usage: 'indent 4 TEXT', takes: [2, 2], raw: true, run: indent }],
])

function mine({ values: [target, fun], mine, at }: HelperCall): DataMap {
  const answers = mine(text(target), text(fun))
  if (hasSecretMarker(JSON.stringify(answers))) {
    throw new UserError('reserved-characters', "A mine value holds Butler's own marks for secrets.", { at })
  }
  return answers
}

/** Several words are the steps of one name. */
function secret({ values, at }: HelperCall): string {
  const name = values.map(text).join('/')
  if (/^[\w.-]+(?:\/[\w.-]+)*$/u.test(name)) return secretMarker(name)
  throw new UserError('bad-secret-name', `'${name}' can't be the name of a secret.`, {
    hint: 'Letters, digits, and . _ - in steps with slashes between, such as postgres/butler_admin.',
    at,
  })
}

/** The first value that is there and not null; the last one must be there. */
function fallback({ values }: HelperCall): Data {
  const found = values.slice(0, -1).map((value) => value.find())
  return found.find((value) => value !== undefined && value !== null) ?? values.at(-1)?.get() ?? null
}

/** Maps are equal in any order of their keys. */
function same(one: Lazy | undefined, other: Lazy | undefined): boolean {
  return JSON.stringify(inKeyOrder(plain(one))) === JSON.stringify(inKeyOrder(plain(other)))
}

/** The first value that is true (or false); else the last. What comes after it is not evaluated. */
function firstThat(values: readonly Lazy[], truth: boolean): Data {
  let value: Data = null
  for (const argument of values) {
    value = argument.get()
    if (isTrue(value, argument) === truth) break
  }
  return value
}

function contains({ values: [needle, hay], name }: HelperCall): boolean {
  const value = plain(needle)
  const inside = plain(hay)
  if (Array.isArray(inside))
    return inside.some((item) => JSON.stringify(inKeyOrder(item)) === JSON.stringify(inKeyOrder(value)))
  if (isMap(inside)) return Object.hasOwn(inside, text(needle))
  if (typeof inside === 'string') return inside.includes(text(needle))
  throw wrong(name, hay, 'a list, a map or text')
}

function join({ values: [list, separator], name }: HelperCall): string {
  const items = list?.get()
  if (list === undefined || !Array.isArray(items)) throw wrong(name, list, 'a list')
  return items.map((item) => scalarText(item, list)).join(separator === undefined ? ',' : text(separator))
}

function length({ values: [value], name }: HelperCall): number {
  const data = plain(value)
  if (Array.isArray(data) || typeof data === 'string') return data.length
  if (isMap(data)) return Object.keys(data).length
  throw wrong(name, value, 'a list, a map or text')
}

function json({ values: [value], options }: HelperCall): string {
  return JSON.stringify(value?.get(), null, Number(options.get('indent') ?? 0))
}

function yaml(value: Data): string {
  // By YAML 1.1 whatever Salt's rules could take for something else gets quotes.
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()
}

/** Indents every line but the first, which stands where the template has put it. */
function indent({ values, name }: HelperCall): string {
  const [one, other] = values
  const [width, content] = typeof one?.get() === 'number' ? [one, other] : [other, one]
  const spaces = width?.get()
  if (typeof spaces !== 'number' || content === undefined) throw wrong(name, width, 'a number of spaces')
  return scalarText(content.get(), content)
    .trimEnd()
    .replaceAll(/\n(?!\n|$)/gu, `\n${' '.repeat(spaces)}`)
}

/** A value that something is decided by, which a secret must not be. */
function plain(argument: Lazy | undefined): Data {
  const value = argument?.get() ?? null
  if (argument !== undefined && hasSecretMarker(JSON.stringify(value))) throw secretDecides(argument)
  return value
}

function text(argument: Lazy | undefined): string {
  return argument === undefined ? '' : scalarText(plain(argument), argument)
}

function wrong(name: string, argument: Lazy | undefined, wanted: string): UserError {
  return new UserError(
    'template-arguments',
    `The helper '${name}' takes ${wanted}; '${argument?.written ?? ''}' is none.`,
    {
      at: argument?.at,
    },
  )
}
