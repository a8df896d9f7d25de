import { Socket } from 'node:net'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { UserError } from '../../core/errors.ts'
import type { PostgresConfig } from '../config.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'
import { errnoOf } from '../model/errno.ts'

/** Any number that nothing else in this database locks. */
const MIGRATION_LOCK = 4510_4520

/** Few: hundreds of processes may talk to one server. */
const CONNECTIONS = 4

export function openPostgres(config: PostgresConfig): Database {
  const sockets = new Set<Socket>()
  const pool = new pg.Pool({
    stream: () => {
      const socket = new Socket()
      sockets.add(socket)
      return socket.once('close', () => sockets.delete(socket))
    },
    host: config.host,
    port: config.port,
    user: config.user,
    database: config.database,
    ...(config.password === undefined ? {} : { password: config.password.reveal() }),
    ...(config.ca === undefined ? {} : { ssl: { ca: config.ca, minVersion: 'TLSv1.2' } }),
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    application_name: 'butler',
    types: { getTypeParser: parserOf },
  })
  // An idle connection that the server ends is no error of ours: the next query opens another one.
  pool.on('error', () => {})
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    queries,
    shown: `PostgreSQL at ${config.host}:${config.port}, database ${config.database}`,
    columns: { id: 'serial primary key', uuid: 'uuid', json: 'jsonb', time: 'timestamptz', day: 'date' },
    lockMigrations: async (transaction) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(transaction)
    },
    clock: async () => {
      const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(queries)
      return new Date(rows[0]?.now ?? Number.NaN)
    },
    explain: (error) => explained(error, config),
    async close() {
      await queries.destroy()
      // The driver leaves a connection open whose log-in it could not answer, and that would keep the program alive.
      for (const socket of sockets) socket.destroy()
    },
  }
}

// The same values as SQLite gives: times as ISO text, days and JSON as text, counts as numbers.
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.TIMESTAMPTZ, (text: string) => new Date(text).toISOString()],
  [pg.types.builtins.DATE, String],
  [pg.types.builtins.JSONB, String],
  [pg.types.builtins.INT8, Number],
])

const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: unknown) =>
  PARSERS.get(oid) ??
  (format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text'))

interface Reason {
  reason: string
  hint: string
}

function explained(error: unknown, config: PostgresConfig): UserError | undefined {
  const found = reasonOf(error, config)
  if (found === undefined) return undefined
  const where = `PostgreSQL at ${config.host}:${config.port}, database '${config.database}', user '${config.user}'`
  return new UserError('database-unreachable', `${where}: ${found.reason}.`, { hint: found.hint, cause: error })
}

function reasonOf(error: unknown, config: PostgresConfig): Reason | undefined {
  const code = errnoOf(error)
  const message = error instanceof Error ? error.message : ''
  const running = 'Is the server running and reachable from here? database: in tracker.yaml says where it is.'
  switch (code) {
    case 'ECONNREFUSED':
      return { reason: 'nothing answers there', hint: running }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { reason: `the name ${config.host} can't be resolved`, hint: running }
    case 'ENOENT':
      return { reason: 'there is no such socket', hint: running }
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
    case 'EPIPE':
      return { reason: `the connection failed (${code})`, hint: running }
    case '28P01':
    case '28000':
      return {
        reason: 'the server refuses this user or password',
        hint: 'password_file in tracker.yaml names the file with the password.',
      }
    case '3D000':
      return {
        reason: 'there is no such database',
        hint: `Create it: CREATE DATABASE "${config.database}" OWNER "${config.user}".`,
      }
    case '53300':
      return { reason: 'it has no connection left', hint: 'Raise max_connections of the server, or run fewer engines.' }
    case '57P01':
    case '57P02':
    case '57P03':
      return { reason: 'it is starting or stopping', hint: 'Try again in a moment.' }
    case '42501':
      return { reason: message, hint: `Make '${config.user}' the owner of the database.` }
    default:
  }
  if (/timeout|terminated/u.test(message)) return { reason: 'it did not answer in time', hint: running }
  if (/password/u.test(message)) {
    return {
      reason: 'the server asks for a password',
      hint: 'Write it to a file and name that with password_file in tracker.yaml.',
    }
  }
  return undefined
}
