import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { Layout } from '../core/cli/layout.ts'
import { UserError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { parseDuration } from '../core/text/duration.ts'
import { readChecked } from './model/document.ts'
import { errnoOf } from './model/errno.ts'

/** What `tracker.yaml` says, checked, with absolute paths. */
export interface TrackerConfig {
  readonly file: string
  readonly database: DatabaseConfig
  /** Folders in which workflows are looked up by name. */
  readonly workflows: readonly string[]
  /** Each run gets a folder here. */
  readonly workdir: string
  /** Where the workflows are kept as they were when they were created. */
  readonly kept: string
  readonly engine: EngineConfig
  /** How many tasks run at once. */
  readonly concurrency: number
  /** How long an engine may be silent, in milliseconds, before its runs count as stopped. */
  readonly leaseMs: number
}

/** What works the runs off: this program on this machine, or Airflow through `butler serve`. */
export type EngineConfig = { kind: 'local' } | AirflowConfig

export interface AirflowConfig {
  kind: 'airflow'
  /** Where its web pages begin, without a slash at the end: `http://airflow.service.consul:8889/airflow`. */
  url: string
  user: string
  passwordFile: string
  serve: ServeConfig
}

/** Where `butler serve` listens, and by which files it is known. Only it needs to read them. */
export interface ServeConfig {
  /** Nothing: all addresses. */
  host: string | undefined
  /** 0 is any free one. */
  port: number
  keyFile: string
  certificateFile: string
  /** Of the CA that tasks' own certificates must be from. */
  caFile: string
  /** A secret of this machine's own, from which the tokens of its runs are made; it is made when it is missing. */
  tokenKeyFile: string
}

export type DatabaseConfig = { kind: 'sqlite'; file: string } | PostgresConfig

export interface PostgresConfig {
  kind: 'postgresql'
  host: string
  port: number
  user: string
  database: string
  password?: Secret
  /** The certificate of the CA that the server's must be from, in PEM; without one the connection is in the clear. */
  ca?: string
}

const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return parseDuration(String(value))
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error))
    return z.NEVER
  }
})

/** What tasks reach the tracker at. */
const SERVE_PORT = 4520

const schema = z.strictObject({
  database: z.string().min(1).optional(),
  password_file: z.string().min(1).optional(),
  ca_file: z.string().min(1).optional(),
  workflows: z.array(z.string().min(1)).default([]),
  data: z.string().min(1).optional(),
  workdir: z.string().min(1).optional(),
  engine: z.enum(['local', 'airflow']).default('local'),
  airflow: z
    .strictObject({ url: z.url({ protocol: /^https?$/u }), user: z.string().min(1), password_file: z.string().min(1) })
    .optional(),
  serve: z
    .strictObject({
      host: z.string().min(1).optional(),
      port: z.number().int().min(0).max(65_535).default(SERVE_PORT),
      key_file: z.string().min(1),
      certificate_file: z.string().min(1),
    })
    .optional(),
  concurrency: z.number().int().min(1).max(1000).default(2),
  lease: duration.default(30_000),
})

/** Reads `tracker.yaml`. Relative paths in it are relative to its own folder. */
export async function readConfig(layout: Layout): Promise<TrackerConfig> {
  const file = join(layout.config, 'tracker.yaml')
  const given = await readChecked(file, schema).catch((error: unknown) => {
    throw error instanceof UserError && error.code === 'no-such-file' ? notSetUp(file) : error
  })
  const here = (path: string): string => resolve(dirname(file), path)
  const data = given.data === undefined ? layout.data : here(given.data)
  if (given.data !== undefined) await mustBeThere(data, 'data', file)
  if (given.workdir !== undefined) await mustBeThere(here(given.workdir), 'workdir', file)
  return {
    file,
    database: await databaseOf(given, file, join(data, 'tracker.db')),
    workflows: given.workflows.map(here),
    workdir: given.workdir === undefined ? join(data, 'runs') : here(given.workdir),
    kept: join(data, 'workflows'),
    engine: engineOf(given, file, join(data, 'token.key')),
    concurrency: given.concurrency,
    leaseMs: given.lease,
  }
}

function notSetUp(file: string): UserError {
  return new UserError('not-set-up', `The tracker is not set up here: there is no ${file}.`, {
    hint: `Deploying the role 'tracker' writes it. Elsewhere name its folder with --config or --root, or write it yourself: 'workflows: [FOLDER]' is enough for SQLite.`,
  })
}

/**
 * A folder that somebody has chosen is not made here: when it is missing, then most likely its disk is not mounted or the
 * machine is not set up to its end, and everything would be written to the wrong place.
 */
async function mustBeThere(folder: string, key: string, file: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new UserError('no-folder', `The folder ${folder} of '${key}' is not there.`, {
    hint: 'Deploy the machine that it belongs to, mount it, or make it; or leave the key out for the default place.',
    at: { file },
  })
}

async function databaseOf(given: z.output<typeof schema>, file: string, fallback: string): Promise<DatabaseConfig> {
  const { database } = given
  if (database === undefined) return { kind: 'sqlite', file: fallback }
  if (!/^postgres(ql)?:/u.test(database)) {
    if (/^[a-z]+:\/\//u.test(database)) throw wrong(file, `'${database}' is neither a path nor a PostgreSQL URL.`)
    const sqlite = resolve(dirname(file), database)
    await mustBeThere(dirname(sqlite), 'database', file)
    return { kind: 'sqlite', file: sqlite }
  }
  const url = URL.parse(database)
  if (url === null) throw wrong(file, `'${database}' is no URL.`)
  if (url.password !== '') {
    throw new UserError('password-in-url', `The database's URL in tracker.yaml holds a password.`, {
      hint: 'Write the password into a file that only the tracker may read, and name it with password_file.',
      at: { file },
    })
  }
  const name = decodeURIComponent(url.pathname.slice(1))
  if (url.username === '' || name === '')
    throw wrong(file, `'${database}' names no ${name === '' ? 'database' : 'user'}.`)
  const password =
    given.password_file === undefined
      ? undefined
      : new Secret(await readNamed(given.password_file, 'password_file', file))
  const ca = given.ca_file === undefined ? undefined : await readNamed(given.ca_file, 'ca_file', file)
  return {
    kind: 'postgresql',
    // An address in brackets is IPv6; a socket's folder stands in the query: ?host=/run/postgresql
    host: url.searchParams.get('host') ?? (url.hostname.replace(/^\[(.*)\]$/u, '$1') || 'localhost'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    database: name,
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
  }
}

function engineOf(given: z.output<typeof schema>, file: string, tokenKeyFile: string): EngineConfig {
  if (given.engine === 'local') return { kind: 'local' }
  const { airflow, serve, ca_file: caFile } = given
  if (airflow === undefined || serve === undefined || caFile === undefined) {
    const missing = Object.entries({ airflow, serve, ca_file: caFile }).flatMap(([key, value]) => (value ? [] : key))
    throw new UserError('bad-value', `With 'engine: airflow', ${missing.join(' and ')} must be given.`, {
      hint: "Deploying the role 'tracker' writes them; docs/tracker.md shows each.",
      at: { file },
    })
  }
  const here = (path: string): string => resolve(dirname(file), path)
  return {
    kind: 'airflow',
    url: airflow.url.replace(/\/+$/u, ''),
    user: airflow.user,
    passwordFile: here(airflow.password_file),
    serve: {
      host: serve.host,
      port: serve.port,
      keyFile: here(serve.key_file),
      certificateFile: here(serve.certificate_file),
      caFile: here(caFile),
      tokenKeyFile,
    },
  }
}

function wrong(file: string, message: string): UserError {
  return new UserError('bad-value', message, {
    hint: 'database: is a path for SQLite, or postgresql://USER@HOST:PORT/DATABASE.',
    at: { file },
  })
}

/** The content of a file that the configuration names, without the line's end. */
export async function readNamed(given: string, key: string, configFile: string): Promise<string> {
  const file = resolve(dirname(configFile), given)
  try {
    return (await readFile(file, 'utf8')).trimEnd()
  } catch (error) {
    throw new UserError('unreadable', `The file ${file} can't be read: ${errnoOf(error)}.`, {
      hint: `${key} in ${basename(configFile)} names it.`,
      at: { file: configFile },
      cause: error,
    })
  }
}
