import type { DataMap } from '../data.ts'
import { UserError } from '../errors.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Context } from '../compile/template.ts'
import { stateTree } from '../compile/tree.ts'
import { readMap } from './fields.ts'

/**
 * The defaults that come with the states of these folders: `states/postgres/defaults.yaml` may set what lies below
 * `postgres` and nothing else, so that no folder can change what another one sees.
 */
export function readDefaults(snapshot: Snapshot, folders: Iterable<string>, context: Context): DataMap {
  const found: DataMap = {}
  for (const folder of folders) {
    const path = [`states/${folder}/defaults.yaml`, `states/${folder}/defaults.sls`].find((one) => snapshot.ref(one))
    if (path === undefined) continue
    const { value, placeOf } = readMap(snapshot, path, context)
    for (const [key, content] of Object.entries(value)) {
      if (key !== folder) {
        const message = `${path} sets '${key}'; it may set '${folder}' only.`
        throw new UserError('foreign-default', message, {
          hint: 'Put it in a role, or in a file of pillar/.',
          at: placeOf([key]),
        })
      }
      found[key] = content
    }
  }
  return found
}

const INCLUDE = /^include:[^\S\n]*(\[[^\]\n]*\])?[^\S\n]*(?:#.*)?\n((?:[^\S\n]*-[^\n]*\n?|[^\S\n]*(?:#[^\n]*)?\n)*)/mu

/**
 * The folders whose states take part when these are applied. Includes are looked up in the text, since rendering it
 * needs the very defaults that are asked for: one inside `{{#if}}` counts, one whose name is rendered does not.
 */
export function foldersOf(snapshot: Snapshot, states: readonly string[]): ReadonlySet<string> {
  const tree = stateTree(snapshot, 'states')
  const names = new Set(tree.names)
  const seen = new Set<string>()
  const queue = [...states]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    if (!names.has(name) && !/[*?[]/u.test(name)) continue
    for (const { path, sls, isInit } of tree.find(name)) {
      seen.add(sls)
      for (const include of includesIn(snapshot.text(path) ?? '')) queue.push(absolute(include, sls, isInit))
    }
  }
  return new Set([...seen].filter((name) => names.has(name)).map((name) => name.split('.')[0] ?? name))
}

function includesIn(text: string): readonly string[] {
  const match = INCLUDE.exec(text.endsWith('\n') ? text : `${text}\n`)
  if (match === null) return []
  const listed = `${match[1]?.slice(1, -1).replaceAll(',', '\n') ?? ''}\n${match[2] ?? ''}`
  return listed
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*-\s*/u, '')
        .replace(/\s+#.*$/u, '')
        .trim()
        .replace(/^(['"])(.*)\1$/u, '$2'),
    )
    .filter((name) => /^[\w.*?-]+$/u.test(name))
}

/** `.x` is beside the including file, each more dot one folder up. */
function absolute(include: string, from: string, isInit: boolean): string {
  const dots = /^\.*/u.exec(include)?.[0].length ?? 0
  if (dots === 0) return include
  const steps = isInit ? [...from.split('.'), 'init'] : from.split('.')
  return [...steps.slice(0, Math.max(0, steps.length - dots)), include.slice(dots)]
    .filter((step) => step !== '')
    .join('.')
}
