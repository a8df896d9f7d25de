import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { mergeData } from '../compile/merge.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Context } from '../compile/template.ts'
import { matches, parseTarget } from '../target/match.ts'
import { UserError } from '../errors.ts'
import { MAP, readFields, TEXT, type Fields } from './fields.ts'

const FIELDS: Fields = {
  what: 'a pillar file',
  known: { target: TEXT, pillar: MAP },
}

/** The files of `pillar/` whose target is this minion, in the order of their names: a later one wins. */
export function readTargeted(snapshot: Snapshot, context: Context): DataMap {
  return pillarFiles(snapshot).reduce<DataMap>(
    (merged, path) => mergeData(merged, readOne(snapshot, path, context)),
    {},
  )
}

export function pillarFiles(snapshot: Snapshot): readonly string[] {
  return snapshot.paths.filter((path) => /^pillar\/.+\.(?:yaml|sls)$/u.test(path))
}

function readOne(snapshot: Snapshot, path: string, context: Context): DataMap {
  const { value, placeOf } = readFields(snapshot, path, context, FIELDS)
  const { target, pillar } = value
  if (typeof target !== 'string') {
    throw new UserError('no-target', `${path} does not say whose pillar it is.`, {
      hint: "Add a target, such as `target: '*'`.",
      at: placeOf([]),
    })
  }
  const parsed = parseTarget({ kind: 'compound', expression: target }, placeOf(['target']))
  return matches(parsed, context) && isMap(pillar) ? pillar : {}
}
