import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import type { Place } from '../errors.ts'
import { UserError, UserErrors } from '../errors.ts'
import { readSource } from '../compile/source.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import type { Context } from '../compile/template.ts'
import { suggest } from '../text/nearest.ts'
import { dataOf, placeIn, type YamlNode } from '../text/yaml/node.ts'

/** A map that knows where in which file each piece of it stands. */
export interface PlacedMap {
  value: DataMap
  placeOf: (path: readonly (string | number)[]) => Place
}

/** What a file's top level may hold, each with a check of its value and what to say when it fails. */
export interface Fields {
  /** `a role`: how errors name such a file. */
  what: string
  known: Readonly<Record<string, { is: (value: unknown) => boolean; wanted: string }>>
}

export const MAP = { is: isMap, wanted: 'must be a map' }
export const TEXT = { is: (value: unknown) => typeof value === 'string', wanted: 'must be text' }
export const TEXTS = {
  is: (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  wanted: 'must be a list of names',
}

/** Reads a file of the snapshot, a template like any other, whose top level is a map (or nothing). Throws `UserErrors`. */
export function readMap(snapshot: Snapshot, path: string, context: Context): PlacedMap {
  const text = snapshot.text(path)
  if (text === undefined) throw new Error(`The snapshot has no '${path}'.`)
  return placedMap(readSource(text, snapshot.shown(path), context), path)
}

function placedMap(node: YamlNode, path: string): PlacedMap {
  const value = dataOf(node)
  if (isMap(value)) return { value, placeOf: (steps) => placeIn(node, steps) }
  if (value === null) return { value: {}, placeOf: () => node.at }
  throw new UserError('not-a-map', `${path} must be a map.`, { at: node.at })
}

/** The same for a file with fixed keys. Throws `UserErrors` with every key that is unknown or has a wrong value. */
export function readFields(snapshot: Snapshot, path: string, context: Context, fields: Fields): PlacedMap {
  const read = readMap(snapshot, path, context)
  const names = Object.keys(fields.known)
  const errors = Object.entries(read.value).flatMap(([key, value]) => {
    const field = Object.hasOwn(fields.known, key) ? fields.known[key] : undefined
    const at = read.placeOf([key])
    if (field === undefined) {
      return [new UserError('unknown-key', `'${key}' is no key of ${fields.what}.`, { hint: suggest(key, names), at })]
    }
    return field.is(value) ? [] : [new UserError('bad-value', `'${key}' of ${fields.what} ${field.wanted}.`, { at })]
  })
  if (errors.length > 0) throw new UserErrors(errors)
  return read
}
