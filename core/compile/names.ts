import { UserError } from '../errors.ts'
import type { YamlNode } from '../text/yaml/node.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { Argument, Declaration } from './high.ts'
import type { Problems } from './problems.ts'
import { shown } from './shown.ts'

/** One name of a declaration with the arguments that hold for it. */
export interface OneName {
  readonly name: string
  /** From 1 in the order written; 0 without `names`. */
  readonly position: number
  readonly args: readonly Argument[]
}

/** Expands `names`: a declaration has one chunk for each, and each may override arguments. */
export function expandNames(declaration: Declaration, problems: Problems): readonly OneName[] {
  const names = declaration.args.find(({ name }) => name === 'names')
  const rest = declaration.args.filter(({ name }) => name !== 'name' && name !== 'names')
  if (names === undefined) {
    const name = problems.attempt(() => nameOf(declaration))
    return name === undefined ? [] : [{ name, position: 0, args: rest }]
  }
  const items = names.value.kind === 'list' ? names.value.items : []
  if (items.length === 0) {
    problems.add(
      new UserError('no-names', `The names of '${declaration.id}' must be a list with at least one name.`, {
        at: names.at,
      }),
    )
  }
  const expanded = new Map<string, OneName>()
  for (const item of items) {
    const one = problems.attempt(() => readName(declaration, item))
    if (one === undefined) continue
    if (expanded.has(one.name)) {
      problems.warn(
        new UserError('duplicate-name', `The name '${one.name}' of '${declaration.id}' counts once.`, { at: item.at }),
      )
      continue
    }
    const overridden = new Set(one.overrides.map(({ name }) => name))
    const kept = rest.filter(({ name }) => !overridden.has(name))
    expanded.set(one.name, { name: one.name, position: expanded.size + 1, args: [...kept, ...one.overrides] })
  }
  return [...expanded.values()]
}

function nameOf({ id, args }: Declaration): string {
  const given = args.find(({ name }) => name === 'name')
  return given === undefined ? id : nameText(id, given.value)
}

function readName({ id }: Declaration, item: YamlNode): { name: string; overrides: readonly Argument[] } {
  if (item.kind !== 'map') return { name: nameText(id, item), overrides: [] }
  const [entry, another] = item.entries
  if (entry === undefined || another !== undefined) {
    throw new UserError(
      'bad-name',
      `A name of '${id}' with arguments is one {name: [arguments]}, not ${shown(dataOf(item))}.`,
      {
        at: item.at,
      },
    )
  }
  const maps = entry.value.kind === 'list' ? entry.value.items : [entry.value]
  const overrides = maps.flatMap((map) => {
    if (map.kind !== 'map') {
      throw new UserError(
        'bad-arguments',
        `The arguments of the name '${entry.key}' are maps, not ${shown(dataOf(map))}.`,
        { at: map.at },
      )
    }
    return map.entries.map(({ key: name, at, value }) => ({ name, at, value }))
  })
  return { name: entry.key, overrides }
}

function nameText(id: string, node: YamlNode): string {
  if (node.kind === 'scalar' && node.value !== null && node.value !== '') return String(node.value)
  throw new UserError('bad-name', `A name of '${id}' must be text, not ${shown(dataOf(node))}.`, { at: node.at })
}
