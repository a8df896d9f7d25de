import { z } from 'zod'
import type { Data } from '../data.ts'
import { WRITTEN } from '../module/args.ts'

/** One argument of a state or function as the reference tells of it. */
export interface TakenArgument {
  readonly name: string
  /** How it is written: `absolute path`, `true or false`. */
  readonly written: string
  readonly meaning: string
  readonly isRequired: boolean
  /** What holds when it is left out, if that is a value. */
  readonly standard: Data | undefined
}

/** Reads the arguments out of the schema that checks them, in their order. One that does not say what it is is a bug. */
export function argumentsOf(args: z.ZodType): readonly TakenArgument[] {
  const shape: Readonly<Record<string, unknown>> = args instanceof z.ZodObject ? args.shape : {}
  return Object.entries(shape).map(([name, schema]) => {
    const layers = layersOf(schema)
    const written = layers.map((layer) => WRITTEN.get(layer)?.as).find((as) => as !== undefined)
    const meaning = layers.map(({ description }) => description).find((text) => text !== undefined)
    if (written === undefined) throw new Error(`The argument '${name}' does not say how it is written.`)
    if (meaning === undefined) throw new Error(`The argument '${name}' does not say what it means.`)
    const isRequired = !layers.some((layer) => layer instanceof z.ZodOptional || layer instanceof z.ZodDefault)
    return { name, written, meaning, isRequired, standard: layers.map(standardOf).find((it) => it !== undefined) }
  })
}

/** A schema and what it wraps: `optional` and `default` hold the schema that says what the argument is. */
function layersOf(schema: unknown): z.ZodType[] {
  if (!(schema instanceof z.ZodType)) return []
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
  return wraps ? [schema, ...layersOf(schema.unwrap())] : [schema]
}

/** Arguments are data, and so are their defaults. */
function standardOf(layer: z.ZodType): Data | undefined {
  return layer instanceof z.ZodDefault ? (layer.def.defaultValue as Data) : undefined
}
