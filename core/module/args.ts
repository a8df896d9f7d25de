import { z } from 'zod'
import { parseDuration } from '../text/duration.ts'

/**
 * The arguments of a state or function, in the order in which positional values fill them. A strict object: an
 * argument that is not named here is an error. Everything that builds a schema for a module lives in this file, so that
 * the agent's bundle, which gets arguments that the master has checked, can leave zod out.
 */
export function args<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape)
}

/** The arguments as a state or function gets them: after checking, with defaults filled in. */
export type ArgsOf<Make> = Make extends () => z.ZodType<infer Args> ? Args : never

/**
 * How each argument is written, in the words of the reference. Every schema of an argument says so here. It is kept apart
 * from zod's own descriptions, which go into the schema for editors.
 */
export const WRITTEN = z.registry<{ as: string }>()

/** Any text; numbers and booleans are taken as they would be written. */
export function text(summary: string) {
  return z.preprocess(scalarToText, z.string()).describe(summary).register(WRITTEN, { as: 'text' })
}

/** An absolute path on the minion. */
export function path(summary: string) {
  return z
    .string()
    .regex(/^\/(?!.*\0)/u, 'must be an absolute path')
    .describe(summary)
    .register(WRITTEN, { as: 'absolute path' })
}

/** Permissions in octal, as a number or text: `644`, `0644` and `'0644'` are the same. Four digits come out. */
export function mode(summary: string) {
  return z
    .preprocess(
      (value) => (typeof value === 'number' ? String(value) : value),
      z.string().regex(/^0?o?[0-7]{3,4}$/u, 'must be three or four octal digits, such as 0644'),
    )
    .transform((value) => value.replace(/^0?o/u, '').padStart(4, '0').slice(-4))
    .describe(summary)
    .register(WRITTEN, { as: 'octal digits' })
}

export function flag(summary: string) {
  return z.boolean().describe(summary).register(WRITTEN, { as: 'true or false' })
}

export function integer(summary: string) {
  return z.number().int().describe(summary).register(WRITTEN, { as: 'whole number' })
}

/** One whole number or a list of them; a list comes out. */
export function integers(summary: string) {
  return z
    .preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(z.number().int()))
    .describe(summary)
    .register(WRITTEN, { as: 'whole number, or a list of them' })
}

/** A time: a number of seconds, or text such as `90s` and `2m`. Seconds come out. */
export function seconds(summary: string) {
  return z
    .preprocess(durationToSeconds, z.number().nonnegative())
    .describe(summary)
    .register(WRITTEN, { as: 'seconds, or a time such as `2m`' })
}

/** One text or a list of texts; a list comes out. */
export function texts(summary: string) {
  return z
    .preprocess(
      (value) => (Array.isArray(value) ? value.map(scalarToText) : [scalarToText(value)]),
      z.array(z.string()),
    )
    .describe(summary)
    .register(WRITTEN, { as: 'text, or a list of texts' })
}

/** A text, or a list of texts that are its lines; one text comes out. */
export function lines(summary: string) {
  return z
    .preprocess(
      (value) => (Array.isArray(value) ? value.map(scalarToText).join('\n') : scalarToText(value)),
      z.string(),
    )
    .describe(summary)
    .register(WRITTEN, { as: 'text, or a list of its lines' })
}

/** Names with or without a version: `[nginx, {postgresql: '15*'}]`, a map, or one name. */
export function packages(summary: string) {
  return z
    .preprocess(
      namedVersions,
      z.array(z.strictObject({ name: z.string().min(1), version: z.string().min(1).optional() })),
    )
    .describe(summary)
    .register(WRITTEN, { as: 'names, each alone or with a version' })
}

/** Salt's list of one-key maps, or one map: `[{url: /a}, {other: /b}]`. A map of texts comes out. */
export function textMap(summary: string) {
  return z
    .preprocess(
      (value) => (Array.isArray(value) ? Object.assign({}, ...value) : value),
      z.record(z.string(), z.preprocess(scalarToText, z.string())),
    )
    .describe(summary)
    .register(WRITTEN, { as: 'map of texts' })
}

/** Environment variables: a map, or Salt's list of one-key maps. */
export function environment(summary: string) {
  return z
    .preprocess(
      (value) => (Array.isArray(value) ? Object.assign({}, ...value) : value),
      z.record(z.string(), z.preprocess(scalarToText, z.string())),
    )
    .describe(summary)
    .register(WRITTEN, { as: 'map of texts' })
}

/** Salt's list of one-key maps, or one map: `[{vhost: ['.*', '.*', '.*']}]`. A map of three patterns each comes out. */
export function permissions(summary: string) {
  return z
    .preprocess(
      (value) => (Array.isArray(value) ? Object.assign({}, ...value) : value),
      z.record(z.string(), z.tuple([z.string(), z.string(), z.string()])),
    )
    .describe(summary)
    .register(WRITTEN, { as: 'map of three patterns each' })
}

export function oneOf<const Choices extends readonly [string, ...string[]]>(choices: Choices, summary: string) {
  const as = choices.map((choice) => `\`${choice}\``).join(', ')
  return z.enum(choices).describe(summary).register(WRITTEN, { as })
}

/** Any data: for arguments whose shape is the user's own. */
export function anything(summary: string) {
  return z.json().describe(summary).register(WRITTEN, { as: 'any data' })
}

/**
 * Where content comes from: `butler://` (or `salt://`), `http(s)://`, or an absolute path of the minion. The compiler
 * finds these arguments by their `meta`: it resolves `butler://` to a digest, or renders it when the chunk says `template`.
 */
export function source(summary: string, what: 'file' | 'tree' = 'file') {
  const as = what === 'file' ? 'address of a file' : 'address of a folder'
  return z.string().min(1).meta({ description: summary, butlerSource: what }).register(WRITTEN, { as })
}

/** Several of them; one alone is a list of one. */
export function sourceFiles(summary: string) {
  const one = z.string().min(1).meta({ butlerSource: 'file' })
  return z
    .preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(one))
    .describe(summary)
    .register(WRITTEN, { as: 'addresses of files' })
}

function namedVersions(value: unknown): unknown {
  if (!Array.isArray(value))
    return value instanceof Object ? Object.entries(value).map(namedVersion) : [{ name: value }]
  return value.flatMap((item) => (item instanceof Object ? Object.entries(item).map(namedVersion) : [{ name: item }]))
}

function namedVersion([name, version]: [string, unknown]): unknown {
  return version === null ? { name } : { name, version: scalarToText(version) }
}

function durationToSeconds(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return parseDuration(value) / 1000
  } catch {
    return value
  }
}

function scalarToText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}
