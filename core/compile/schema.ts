import { z } from 'zod'

/** The names of the arguments that a state or function takes, in order. */
export function keysOf(schema: z.ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** The arguments that name content of the sources, as `source()` in core/module/args.ts marks them. */
export function sourcesOf(schema: z.ZodType): ReadonlyMap<string, 'file' | 'tree'> {
  const known = remembered.get(schema)
  if (known !== undefined) return known
  const shape: Readonly<Record<string, unknown>> = schema instanceof z.ZodObject ? schema.shape : {}
  const found = new Map(
    Object.entries(shape).flatMap(([key, argument]) => {
      const what = sourceMeta(argument)
      return what === undefined ? [] : [[key, what] as const]
    }),
  )
  remembered.set(schema, found)
  return found
}

const remembered = new WeakMap<z.ZodType, ReadonlyMap<string, 'file' | 'tree'>>()

/** Looks through `optional`, `default`, lists and the like, which keep the marked schema inside. */
function sourceMeta(schema: unknown): 'file' | 'tree' | undefined {
  if (!(schema instanceof z.ZodType)) return undefined
  const what = schema.meta()?.['butlerSource']
  if (what === 'file' || what === 'tree') return what
  if (schema instanceof z.ZodUnion) return schema.options.map(sourceMeta).find((found) => found !== undefined)
  if (schema instanceof z.ZodPipe) return sourceMeta(schema.in) ?? sourceMeta(schema.out)
  const wraps = WRAPPERS.some((wrapper) => schema instanceof wrapper)
  return wraps && 'unwrap' in schema && typeof schema.unwrap === 'function' ? sourceMeta(schema.unwrap()) : undefined
}

const WRAPPERS = [z.ZodOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault, z.ZodReadonly, z.ZodArray]
