import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import type { YamlEntry, YamlNode } from '../text/yaml/node.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { Problems } from './problems.ts'
import { COMBINED } from './words.ts'
import { shown } from './shown.ts'

/** One argument of a declaration, as it is written. */
export interface Argument {
  readonly name: string
  /** Where its name stands. */
  readonly at: Place
  readonly value: YamlNode
}

/** One state function under one id. */
export interface Declaration {
  readonly id: string
  readonly module: string
  readonly fun: string
  readonly args: readonly Argument[]
  readonly sls: string
  /** Where the function stands. */
  readonly at: Place
}

/** What an `extend` lays over another declaration; `fun` only when it says one. */
export interface Extension extends Omit<Declaration, 'fun'> {
  readonly fun: string | undefined
}

export interface Named {
  readonly name: string
  readonly at: Place
}

export interface Exclusion extends Named {
  readonly what: 'sls' | 'id'
}

/** One state file as it is meant: Salt's high data with places. */
export interface StateFile {
  readonly sls: string
  readonly includes: readonly Named[]
  readonly declarations: readonly Declaration[]
  readonly extensions: readonly Extension[]
  readonly exclusions: readonly Exclusion[]
}

/** Reads what one state file declares. What is malformed is left out and told as a problem. */
export function readHigh(node: YamlNode, sls: string, problems: Problems): StateFile {
  if (node.kind !== 'map') {
    if (node.kind === 'list' || node.value !== null) {
      problems.add(new UserError('bad-state-file', `The state file '${sls}' is no map of ids.`, { at: node.at }))
    }
    return { sls, includes: [], declarations: [], extensions: [], exclusions: [] }
  }
  const reader = new HighReader(sls, problems)
  const of = (key: string): YamlEntry[] => node.entries.filter((entry) => entry.key === key)
  return {
    sls,
    includes: of('include').flatMap(({ value }) => reader.includes(value)),
    declarations: node.entries.filter(({ key }) => !TOP_LEVEL.has(key)).flatMap((entry) => reader.declarations(entry)),
    extensions: of('extend').flatMap(({ value }) => reader.extensions(value)),
    exclusions: of('exclude').flatMap(({ value }) => reader.exclusions(value)),
  }
}

const TOP_LEVEL: ReadonlySet<string> = new Set(['include', 'extend', 'exclude'])

class HighReader {
  readonly #sls: string
  readonly #problems: Problems

  constructor(sls: string, problems: Problems) {
    this.#sls = sls
    this.#problems = problems
  }

  includes(node: YamlNode): Named[] {
    if (node.kind !== 'list') {
      this.#fail(
        'bad-include',
        `The include of '${this.#sls}' must be a list.`,
        node.at,
        'Write it as `include: [other]`.',
      )
      return []
    }
    return node.items.flatMap((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string') return [{ name: item.value, at: item.at }]
      const hint = item.kind === 'map' ? 'Butler has no environments: name the state file alone.' : undefined
      this.#fail('bad-include', `An include names a state file, not ${shown(dataOf(item))}.`, item.at, hint)
      return []
    })
  }

  exclusions(node: YamlNode): Exclusion[] {
    const items = node.kind === 'list' ? node.items : []
    if (node.kind !== 'list') {
      this.#fail(
        'bad-exclude',
        `The exclude of '${this.#sls}' must be a list.`,
        node.at,
        'Write it as `exclude: [{id: x}]`.',
      )
    }
    return items.flatMap((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string')
        return [{ what: 'sls' as const, name: item.value, at: item.at }]
      const [entry, another] = item.kind === 'map' ? item.entries : []
      const value = entry?.value
      if (another === undefined && (entry?.key === 'sls' || entry?.key === 'id') && value?.kind === 'scalar') {
        return [{ what: entry.key, name: String(value.value), at: entry.at }]
      }
      this.#fail('bad-exclude', `An exclude is {id: x} or {sls: x}, not ${shown(dataOf(item))}.`, item.at)
      return []
    })
  }

  extensions(node: YamlNode): Extension[] {
    if (node.kind === 'map') return node.entries.flatMap((entry) => this.#bodies(entry))
    this.#fail('bad-extend', `The extend of '${this.#sls}' must be a map of ids.`, node.at)
    return []
  }

  declarations(entry: YamlEntry): Declaration[] {
    if (entry.key.startsWith('__')) {
      this.#fail('reserved-id', `The id '${entry.key}' begins with two underscores, which are reserved.`, entry.at)
      return []
    }
    const bodies = this.#bodies(entry)
    return bodies.flatMap(({ fun, ...body }) => {
      if (fun !== undefined) return [{ ...body, fun }]
      const hint = `Write a function with it, such as '${body.module}.present'.`
      this.#fail(
        'no-function',
        `The id '${entry.key}' names the module '${body.module}' without a function.`,
        body.at,
        hint,
      )
      return []
    })
  }

  /** All modules under one id, each with its function and arguments. */
  #bodies({ key: id, at, value }: YamlEntry): Extension[] {
    if (value.kind === 'scalar' && typeof value.value === 'string' && value.value.includes('.')) {
      return [this.#body(id, { key: value.value, at: value.at, value: { kind: 'list', items: [], at: value.at } })]
    }
    if (value.kind !== 'map' || value.entries.length === 0) {
      this.#fail(
        'bad-state',
        `The id '${id}' holds no state function.`,
        at,
        'Write one below it, such as `file.managed: []`.',
      )
      return []
    }
    const bodies = value.entries.map((entry) => this.#body(id, entry))
    const first = new Map<string, Extension>()
    for (const body of bodies) {
      const before = first.get(body.module)
      if (before !== undefined) {
        const both = `${before.module}.${before.fun ?? '?'} and ${body.module}.${body.fun ?? '?'}`
        this.#fail('two-functions', `The id '${id}' has two functions of one module: ${both}.`, body.at, TWO_FUNCTIONS)
      }
      first.set(body.module, before ?? body)
    }
    return [...first.values()]
  }

  #body(id: string, { key, at, value }: YamlEntry): Extension {
    const dot = key.indexOf('.')
    const module = dot === -1 ? key : key.slice(0, dot)
    const words = functionWords(value)
    const named = dot === -1 ? [] : [key.slice(dot + 1)]
    const functions = [...named, ...words.map(({ name }) => name)]
    const [, second] = functions
    if (second !== undefined) {
      const at2 = words.at(-1)?.at ?? at
      this.#fail(
        'two-functions',
        `The id '${id}' names several functions: ${functions.join(', ')}.`,
        at2,
        TWO_FUNCTIONS,
      )
    }
    return { id, module, fun: functions[0], args: this.#arguments(id, key, value), sls: this.#sls, at }
  }

  #arguments(id: string, key: string, node: YamlNode): Argument[] {
    const maps = node.kind === 'list' ? node.items : [node]
    const args = maps.flatMap((item) => {
      if (item.kind === 'map') return item.entries.map(({ key: name, at, value }) => ({ name, at, value }))
      // Text is a function's name, as in `pkg: [installed]`; nothing at all is a function without arguments.
      if (item.kind === 'scalar' && (typeof item.value === 'string' || (item.value === null && item === node)))
        return []
      this.#fail('bad-arguments', `The arguments of '${key}' in '${id}' are maps, not ${shown(dataOf(item))}.`, item.at)
      return []
    })
    const seen = new Map<string, Argument>()
    for (const argument of args) {
      const before = COMBINED.has(argument.name) ? undefined : seen.get(argument.name)
      if (before !== undefined) {
        const hint = `It stands in line ${before.at.line ?? '?'} already.`
        this.#fail(
          'duplicate-argument',
          `The argument '${argument.name}' of '${id}' stands here a second time.`,
          argument.at,
          hint,
        )
      }
      seen.set(argument.name, argument)
    }
    return args
  }

  #fail(code: string, message: string, at: Place, hint?: string): void {
    this.#problems.add(new UserError(code, message, { hint, at }))
  }
}

const TWO_FUNCTIONS = 'Give the second one an id of its own.'

/** The bare words among the arguments: `installed` in `pkg: [installed, {name: x}]`. */
function functionWords(node: YamlNode): Named[] {
  const items = node.kind === 'list' ? node.items : [node]
  return items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [{ name: item.value, at: item.at }] : [],
  )
}
