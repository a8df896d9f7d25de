import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Layout } from '../core/cli/layout.ts'
import { isMap, type Data } from '../core/data.ts'
import { UserError, UserErrors, type Place } from '../core/errors.ts'
import { parseDuration } from '../core/text/duration.ts'
import { suggest } from '../core/text/nearest.ts'
import { parseYaml } from '../core/text/yaml.ts'
import { sourceSettings } from './sources/settings.ts'

/** A time as people write it, in milliseconds. */
const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    const milliseconds = parseDuration(String(value))
    if (milliseconds > 0) return milliseconds
  } catch {
    // What is wrong with it is said below.
  }
  context.addIssue({ code: 'custom', message: `'${value}' is no duration, such as 90s, 2m, 1h30m or 7d` })
  return z.NEVER
})

const milliseconds = (text: string): number => parseDuration(text)

const settings = z.strictObject({
  /** The address to listen on; all of them when left out. */
  listen: z.string().min(1).optional(),
  /** 0 takes a free one, the same again if it can; it is written to `<run>/master.port`. */
  port: z.int().min(0).max(65_535).default(4510),
  /** Names and addresses by which minions reach this master; the first is the one that `tokens create` prints. */
  names: z.array(z.string().min(1)).default([]),
  sources: z.array(sourceSettings).default([]),
  /** How often the sources are looked at, and how long git may take for one thing. */
  poll: duration.default(milliseconds('60s')),
  git_timeout: duration.default(milliseconds('60s')),
  deadlines: z
    .strictObject({
      /** How long a minion has to acknowledge a job. */
      delivery: duration.default(milliseconds('30s')),
      /** How long the work itself may take. */
      run: duration.default(milliseconds('1h')),
      /** How long beyond that the master waits for a minion that has acknowledged and went away. */
      grace: duration.default(milliseconds('1m')),
    })
    .prefault({}),
  /** Which ended jobs are kept: so many, and none older. */
  retention: z
    .strictObject({ jobs: z.int().min(1).default(10_000), age: duration.default(milliseconds('30d')) })
    .prefault({}),
  /** The folder with the agent's packages; the one of the release when left out. */
  install: z.string().min(1).optional(),
})

/** What `master.yaml` says, defaults filled in; times in milliseconds. */
export type MasterConfig = z.output<typeof settings>

export function configFile(layout: Layout): string {
  return join(layout.config, 'master.yaml')
}

/** Reads `master.yaml`; without one all defaults hold. Throws all that is wrong with it, each with its place. */
export function readConfig(layout: Layout): MasterConfig {
  const file = configFile(layout)
  return parseConfig(readText(file), file)
}

export function parseConfig(text: string, file: string): MasterConfig {
  const yaml = parseYaml(text, file)
  const placeOf: PlaceOf = (path) => yaml.placeOf(path)
  const read = settings.safeParse(yaml.value ?? {})
  if (!read.success) throw new UserErrors(read.error.issues.flatMap((issue) => errorsOf(issue, yaml.value, placeOf)))
  const names = read.data.sources.map((source) => source.name)
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index)
  if (twice === -1) return read.data
  throw new UserError('same-source', `Two sources are named '${names[twice]}'.`, { at: placeOf(['sources', twice]) })
}

type PlaceOf = (path: readonly (string | number)[]) => Place

function errorsOf(issue: z.core.$ZodIssue, value: Data, placeOf: PlaceOf): UserError[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownSetting(path, key, placeOf))
  if (issue.code === 'invalid_union') return unionErrors(issue, path, value, placeOf)
  const name = path.join('.')
  const message = name === '' ? `master.yaml is a map: ${issue.message}.` : `${name}: ${issue.message}.`
  return [new UserError('bad-setting', message, { at: placeOf(path) })]
}

/** Of several forms the one that fits best tells what is wrong: a source with `git` is meant to be one of git. */
function unionErrors(issue: z.core.$ZodIssueInvalidUnion, path: Path, value: Data, placeOf: PlaceOf): UserError[] {
  const forms = issue.errors.map((form) => form.map((inner) => ({ ...inner, path: [...path, ...inner.path] })))
  const best = forms.toSorted((one, other) => weight(one) - weight(other))[0] ?? []
  return best.flatMap((inner) => errorsOf(inner, value, placeOf))
}

type Path = readonly (string | number)[]

function weight(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}

function unknownSetting(path: Path, key: string, placeOf: PlaceOf): UserError {
  const known = knownKeys(path)
  const where = path.length === 0 ? 'of a master' : `of '${path.join('.')}'`
  return new UserError('unknown-setting', `'${key}' is no setting ${where}.`, {
    hint: suggest(key, known) ?? `There is: ${known.join(', ')}.`,
    at: placeOf([...path, key]),
  })
}

function knownKeys([first]: Path): string[] {
  if (first === undefined) return Object.keys(settings.shape)
  if (first === 'sources') return ['name', 'git', 'branch', 'folder']
  const inner = settings.safeParse({})
  const defaults: unknown = inner.success ? Reflect.get(inner.data, first) : undefined
  return isMap(defaults) ? Object.keys(defaults) : []
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new UserError('config-unreadable', `${file} can't be read: ${String(error)}.`, { cause: error })
  }
}
