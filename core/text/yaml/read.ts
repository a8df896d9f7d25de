import type { Alias, Pair, ParsedNode, Scalar } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, Scalar as ScalarKind } from 'yaml'
import type { Document } from 'yaml'
import type { Place } from '../../errors.ts'
import { UserError, UserErrors } from '../../errors.ts'
import type { MappedText } from '../mapped.ts'
import { hasMark } from '../mapped.ts'
import { fillMarks } from './fill.ts'
import type { YamlEntry, YamlMap, YamlNode } from './node.ts'
import { plainScalar } from './scalar.ts'
import { tooDeep } from './syntax.ts'

const MAX_DEPTH = 200
/** What all aliases of a file may unfold to: a file of a few lines could otherwise fill the memory. */
const MAX_UNFOLDED = 100_000

/** Makes a tree with places of a parsed document, by Salt's rules. Throws `UserErrors` with all that is wrong. */
export function readDocument(source: MappedText, document: Document.Parsed): YamlNode {
  const reader = new Reader(source)
  const node = reader.node(document.contents, { depth: 0, flow: false })
  if (reader.errors.length > 0) throw new UserErrors(reader.errors)
  return node
}

interface Around {
  depth: number
  flow: boolean
}

type Item = Pair<ParsedNode, ParsedNode | null>

class Reader {
  readonly errors: UserError[] = []
  readonly #source: MappedText
  readonly #anchors = new Map<string, ParsedNode>()
  readonly #unfolding = new Set<ParsedNode>()
  #unfolded = 0

  constructor(source: MappedText) {
    this.#source = source
  }

  node(node: ParsedNode | null, around: Around): YamlNode {
    const at = this.#source.place(node?.range[0] ?? 0)
    if (node === null) return { kind: 'scalar', value: null, at }
    if (around.depth > MAX_DEPTH) throw tooDeep(this.#source)
    if (isAlias(node)) return this.#alias(node, around, at)
    if (this.#unfolding.size > 0 && ++this.#unfolded > MAX_UNFOLDED) {
      throw new UserError(
        'yaml-bomb',
        `The aliases of ${this.#source.file} unfold to more than ${MAX_UNFOLDED} values.`,
        {
          at,
        },
      )
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node)
    if (isScalar(node)) return { kind: 'scalar', value: this.#scalar(node, around.flow, at), at }
    this.#checkTag(node.tag, isMap(node) ? MAP_TAGS : LIST_TAGS, at)
    const inside = { depth: around.depth + 1, flow: around.flow || node.flow === true }
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.node(item, inside)), at }
    return this.#map(node.items, inside, at)
  }

  #map(items: readonly Item[], around: Around, at: Place): YamlMap {
    const own: YamlEntry[] = []
    const merged: YamlEntry[] = []
    const seen = new Map<string, Place>()
    for (const { key, value } of items) {
      const keyAt = this.#source.place(key?.range?.[0] ?? 0)
      if (isScalar(key) && key.type === ScalarKind.PLAIN && key.value === '<<') {
        merged.push(...this.#merged(this.node(value, around)))
        continue
      }
      const name = this.#key(key, around.flow, keyAt)
      const first = seen.get(name)
      if (first !== undefined)
        this.#fail('duplicate-key', `The key '${name}' stands here a second time.`, keyAt, {
          hint: `It stands in line ${first.line} already; only one can count.`,
        })
      seen.set(name, keyAt)
      own.push({ key: name, at: keyAt, value: this.node(value, around) })
    }
    const before = new Map<string, YamlEntry>()
    for (const entry of merged) if (!seen.has(entry.key) && !before.has(entry.key)) before.set(entry.key, entry)
    return { kind: 'map', entries: [...before.values(), ...own], at }
  }

  /** What `<<` brings in: a map, or a list of maps of which earlier ones win. */
  #merged(node: YamlNode): readonly YamlEntry[] {
    if (node.kind === 'map') return node.entries
    if (node.kind === 'list') return node.items.flatMap((item) => this.#merged(item))
    this.#fail('bad-merge', '`<<` takes in a map or a list of maps.', node.at)
    return []
  }

  /** A key is text as it is written: `yes:` is 'yes', not a boolean. */
  #key(key: ParsedNode | null, flow: boolean, at: Place): string {
    if (isAlias(key)) return this.#key(this.#anchors.get(key.source) ?? null, flow, at)
    if (isScalar(key)) return this.#text(key, flow)
    if (key === null) return ''
    this.#fail('bad-key', 'A key must be text, not a list or a map.', at, {
      hint: 'A value that begins with { or [ needs quotes.',
    })
    return ''
  }

  #alias(node: Alias.Parsed, around: Around, at: Place): YamlNode {
    const target = this.#anchors.get(node.source)
    if (target === undefined || this.#unfolding.has(target)) {
      const what = target === undefined ? 'refers to an anchor that is not above it' : 'stands inside its own anchor'
      this.#fail('bad-alias', `The alias '*${node.source}' ${what}.`, at)
      return { kind: 'scalar', value: null, at }
    }
    this.#unfolding.add(target)
    const unfolded = this.node(target, { ...around, depth: around.depth + 1 })
    this.#unfolding.delete(target)
    return unfolded
  }

  #scalar(node: Scalar.Parsed, flow: boolean, at: Place): null | boolean | number | string {
    const text = this.#text(node, flow)
    const tag = node.tag
    if (tag === undefined && node.type !== ScalarKind.PLAIN) return text
    if (tag === '!' || tag === `${CORE}str`) return text
    if (tag !== undefined && !SCALAR_TAGS.includes(tag)) {
      this.#checkTag(tag, SCALAR_TAGS, at)
      return text
    }
    const value = plainScalar(text)
    if (value === undefined) {
      this.#fail('not-finite', `'${text}' is a number that can't be kept.`, at, {
        hint: 'Put it in quotes if it is text.',
      })
      return null
    }
    return value
  }

  #text(node: Scalar.Parsed, flow: boolean): string {
    // By the failsafe schema every scalar is text.
    const text = typeof node.value === 'string' ? node.value : ''
    const { marked } = this.#source
    if (marked === undefined || !hasMark(text)) return text
    const filled = fillMarks(text, marked, { type: node.type, flow })
    if (filled.error !== undefined) this.errors.push(filled.error)
    return filled.text
  }

  #checkTag(tag: string | undefined, known: readonly string[], at: Place): void {
    if (tag === undefined || tag === '!' || known.includes(tag)) return
    this.#fail('unknown-tag', `The tag '${tag.replace(CORE, '!!')}' is not known.`, at, {
      hint: 'Put a value that begins with ! in quotes.',
    })
  }

  #fail(code: string, message: string, at: Place, details: { hint?: string } = {}): void {
    this.errors.push(new UserError(code, message, { ...details, at }))
  }
}

const CORE = 'tag:yaml.org,2002:'
const SCALAR_TAGS = ['str', 'int', 'float', 'bool', 'null'].map((name) => CORE + name)
const MAP_TAGS = [`${CORE}map`]
const LIST_TAGS = [`${CORE}seq`]
