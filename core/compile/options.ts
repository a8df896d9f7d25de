import { z } from 'zod'
import type { Data, DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { userErrorsOf } from '../errors.ts'
import { args, environment, flag, text, texts, WRITTEN } from '../module/args.ts'
import { parseDuration } from '../text/duration.ts'
import { checkArgs } from './arguments.ts'
import type { Argument } from './high.ts'
import type { ChunkOptions } from './low.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { Problems } from './problems.ts'
import { keysOf } from './schema.ts'

function seconds(summary: string) {
  return z.preprocess(toSeconds, z.number().nonnegative()).describe(summary)
}

const RETRY = z.preprocess(
  toMap,
  z.strictObject({
    attempts: z.int().min(1).default(2),
    until: z.boolean().default(true),
    interval: seconds('How long to wait before the next attempt.').default(30),
    splay: seconds('Up to how much longer, at random.').default(0),
  }),
)

/** What programs look for: one word, with steps as in Salt's tags. A secret is none. */
const TAG = /^[\w./:@+-]{1,200}$/u

/** The arguments that every state takes and that the runner works off. */
export const OPTIONS = args({
  failhard: flag('The run ends when this state fails.').optional(),
  retry: RETRY.optional(),
  check_cmd: texts('Commands that must succeed after the state, else it failed.').optional(),
  timeout: seconds('How long it may take.').optional(),
  runas: text('The user to run commands as.').optional(),
  umask: z.preprocess(toUmask, z.string().regex(/^0?[0-7]{3}$/u, 'must be three octal digits, such as 022')).optional(),
  env: environment('The environment of commands.').optional(),
  cwd: text('The folder to run commands in.').optional(),
  shell: text('The shell to run commands with.').optional(),
  parallel: flag('It may run beside other states.').optional(),
  aggregate: flag(
    'Packages: true is done in one go with all later ones that say so, false by itself. Else with those right after it.',
  ).optional(),
  fire_event: z
    .union([z.boolean(), z.string().regex(TAG, 'must be true, or a tag such as web/deployed')])
    .describe('An event in the job when it was done: true is for its name, a text for a tag of its own.')
    .register(WRITTEN, { as: 'true or false, or a tag' })
    .optional(),
  no_log: flag('Its output and changes are not shown.').optional(),
})

/** The words that are options. */
export const OPTION_NAMES: ReadonlySet<string> = new Set(keysOf(OPTIONS))

/**
 * Reads a chunk's options. `own` are the names that its function takes itself, as file.managed has a `check_cmd` of its
 * own kind: there the function decides what is right, and only settings for running commands count here too.
 */
export function readOptions(
  given: ReadonlyMap<string, Argument>,
  chunk: { function: string; own: ReadonlySet<string> },
  problems: Problems,
): ChunkOptions {
  const options: DataMap = {}
  for (const argument of given.values()) {
    if (!OPTION_NAMES.has(argument.name) || (argument.name === 'check_cmd' && chunk.own.has('check_cmd'))) continue
    const value = { [argument.name]: dataOf(argument.value) }
    const check = (): DataMap =>
      checkArgs(OPTIONS, value, { what: chunk.function, at: argument.at, placeOf: () => argument.at })
    Object.assign(options, chunk.own.has(argument.name) ? quietly(check) : problems.attempt(check))
  }
  return options
}

function quietly(check: () => DataMap): DataMap {
  try {
    return check()
  } catch (thrown) {
    if (userErrorsOf(thrown) === undefined) throw thrown
    return {}
  }
}

function toSeconds(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return parseDuration(value) / 1000
  } catch {
    return value
  }
}

/** `true`, a map, or Salt's list of one-key maps. */
function toMap(value: unknown): unknown {
  if (value === true) return {}
  if (!Array.isArray(value)) return value
  const maps: unknown[] = value
  return maps.every(isMap) ? Object.assign({}, ...maps) : value
}

/** YAML has made 22 of 022. */
function toUmask(value: unknown): Data | undefined {
  return typeof value === 'number' ? String(value).padStart(3, '0') : (value as Data | undefined)
}
