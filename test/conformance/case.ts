import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const setup = z.strictObject({
  files: z.record(z.string(), z.string()).default({}),
  dirs: z.array(z.string()).default([]),
  symlinks: z.record(z.string(), z.string()).default({}),
  modes: z.record(z.string(), z.string()).default({}),
})

const wanted = z.strictObject({
  doc: z.string(),
  apply: z.array(z.string()),
  runs: z.number().int().default(1),
  test: z.boolean().default(false),
  modes: z.boolean().default(false),
  must_fail: z.boolean().default(false),
  about: z.array(z.string()).default([]),
  pillar: z.record(z.string(), z.json()).optional(),
  setup: setup.prefault({}),
})

const lying = z.strictObject({
  text: z.string().optional(),
  dir: z.boolean().optional(),
  link: z.string().optional(),
  mode: z.string().optional(),
})

const chunk = z.strictObject({
  id: z.string(),
  function: z.string(),
  name: z.string(),
  result: z.boolean().nullable(),
  changes: z.boolean(),
  ran: z.boolean(),
  skipped_by: z.string().optional(),
  mod_watch: z.boolean().optional(),
  listener: z.boolean().optional(),
})

const expected = z.discriminatedUnion('compile_error', [
  z.strictObject({ compile_error: z.literal(true), about: z.array(z.string()).default([]) }),
  z.strictObject({
    compile_error: z.literal(false),
    runs: z.array(
      z.strictObject({
        ok: z.boolean(),
        chunks: z.array(chunk),
        files: z.record(z.string(), lying).default({}),
      }),
    ),
  }),
])

export type Wanted = z.infer<typeof wanted>
export type Expected = z.infer<typeof expected>
export type ExpectedChunk = z.infer<typeof chunk>
export type Lying = z.infer<typeof lying>

/** One example of Salt's behaviour: a state tree, what to do with it, and what came of it. */
export interface Case {
  /** `truth/require-guarded`. */
  name: string
  wanted: Wanted
  expected: Expected
  /** Path below the state tree, and text. */
  states: readonly (readonly [string, string])[]
}

const CASES = fileURLToPath(new URL('cases', import.meta.url))

export function caseNames(): string[] {
  return readdirSync(CASES)
    .flatMap((group) => readdirSync(join(CASES, group)).map((name) => `${group}/${name}`))
    .sort()
}

/** Reads a case; `root` is put in wherever it says `{ROOT}`. */
export function readCase(name: string, root: string): Case {
  const folder = join(CASES, name)
  const text = (path: string): string => readFileSync(path, 'utf8').replaceAll('{ROOT}', root)
  const states = join(folder, 'states')
  const paths = readdirSync(states, { recursive: true, encoding: 'utf8' })
  return {
    name,
    wanted: wanted.parse(JSON.parse(text(join(folder, 'case.yaml')))),
    expected: expected.parse(JSON.parse(text(join(folder, 'expected.json')))),
    states: paths
      .filter((path) => statSync(join(states, path)).isFile())
      .map((path) => [path, text(join(states, path))] as const),
  }
}
