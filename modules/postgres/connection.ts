import { isMap, type DataMap } from '../../core/data.ts'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import { requireUser } from '../../core/module/accounts.ts'
import { integer, text } from '../../core/module/args.ts'
import type { Fact } from '../../core/module/fact.ts'
import type { Host } from '../../core/module/host.ts'
import type { CommandOptions, Output, View } from '../../core/module/view.ts'

/** How psql reaches the server. */
export interface Connection {
  host?: string | undefined
  port?: number | undefined
  /** The database user. */
  user?: string | undefined
  password?: string | undefined
  database: string
  /** The user of the machine that psql runs as. */
  runas?: string | undefined
}

/** The arguments that the states have for it, named as in Salt. */
export const connectionArgs = {
  user: text(
    'The user of the machine to speak to the server as. Else `postgres`, when the server is local.',
  ).optional(),
  maintenance_db: text('The database to connect to.').default('postgres'),
  db_host: text('Where the server is; else the local socket.').optional(),
  db_port: integer('Its port.').optional(),
  db_user: text('The database user to connect as.').optional(),
  db_password: text("That user's password; give it as a secret.").optional(),
}

interface Wanted {
  user?: string | undefined
  maintenance_db: string
  db_host?: string | undefined
  db_port?: number | undefined
  db_user?: string | undefined
  db_password?: string | undefined
}

export function connectionOf(want: Wanted): Connection {
  return {
    host: want.db_host,
    port: want.db_port,
    user: want.db_user,
    password: want.db_password,
    database: want.maintenance_db,
    runas: systemUser(want.user, want.db_host),
  }
}

/** A local server is asked as `postgres`, whom it knows by its socket. */
export function systemUser(given: string | undefined, host: string | undefined): string | undefined {
  return given ?? (host === undefined || host.startsWith('/') ? 'postgres' : undefined)
}

/** Names the server and who asks: facts of two connections must not be taken for each other. */
export function connectionName({ host, port, user, database, runas }: Connection): string {
  return [host ?? 'local', port ?? '', user ?? '', runas ?? '', database].join('/')
}

/** Asks the server. In a plan, a server, a psql or a user that an earlier change would bring ends the planning here. */
export async function ask<T>(view: View, connection: Connection, fact: Fact<T>): Promise<T> {
  if (connection.runas !== undefined) await requireUser(view, connection.runas)
  try {
    return await view.fact(fact)
  } catch (thrown) {
    const [error] = userErrorsOf(thrown) ?? []
    if (error?.code === 'no-psql') view.missing({ kind: 'package', name: 'postgresql-client' })
    if (error?.code === 'no-server') {
      for (const name of await serverUnits(view)) view.missing({ kind: 'unit', name })
      view.missing({ kind: 'database', name: connection.database })
    }
    throw thrown
  }
}

/** The rows of a query that only reads, each a map by column: for facts. Throws when the server can't be asked. */
export async function rows(view: View, connection: Connection, query: string): Promise<DataMap[]> {
  const sql = `SELECT coalesce(json_agg(row_to_json(rows)), '[]') FROM (${query}) AS rows;`
  const output = await view.query(psql(connection), options(connection, sql, true))
  if (output.exitCode !== 0) throw unreachable(output)
  return parseRows(output.stdout)
}

/** Runs statements that change something; the SQL goes in by standard input, since it may hold a password. */
export async function execute(host: Host, connection: Connection, statements: readonly string[]): Promise<void> {
  const sql = statements.map((statement) => `${statement};\n`).join('')
  const output = await host.run(psql(connection), options(connection, sql, false))
  if (output.exitCode !== 0) throw new UserError('sql-failed', withoutSql(output.stderr))
}

/** Any query, answered as CSV with a line of column names. */
export function csv(view: View, connection: Connection, query: string, isReadOnly: boolean): Promise<Output> {
  const [program, ...words] = psql(connection)
  const asCsv = words.filter((word) => word !== '-t' && word !== '-A')
  return view.query([program, ...asCsv, '--csv'], options(connection, query, isReadOnly))
}

/** Whether the server lets this user in. */
export async function canLogIn(view: View, connection: Connection): Promise<boolean> {
  return (await view.query(psql(connection), options(connection, 'SELECT 1;', true))).exitCode === 0
}

function psql({ host, port, user, database }: Connection): [string, ...string[]] {
  return [
    'psql',
    '-X',
    '-A',
    '-t',
    '-q',
    '-w',
    '-v',
    'ON_ERROR_STOP=1',
    ...(host === undefined ? [] : ['-h', host]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-U', user]),
    '-d',
    database,
  ]
}

function options({ password, runas }: Connection, input: string, isReadOnly: boolean): CommandOptions {
  return {
    runas,
    input,
    // psql warns when it can't enter the folder that it is started in
    cwd: '/',
    env: {
      LC_ALL: 'C.UTF-8',
      LC_MESSAGES: 'C',
      ...(password === undefined ? {} : { PGPASSWORD: password }),
      ...(isReadOnly ? { PGOPTIONS: '-c default_transaction_read_only=on' } : {}),
    },
  }
}

/** The answer of psql to a query that makes one JSON list. */
export function parseRows(stdout: string): DataMap[] {
  const data: unknown = JSON.parse(stdout)
  return Array.isArray(data) ? data.filter((row): row is DataMap => isMap(row)) : []
}

function unreachable({ exitCode, stderr }: Output): UserError {
  if (exitCode === 127) {
    return new UserError('no-psql', 'This machine has no psql.', {
      hint: 'Install postgresql-client with pkg.installed, and require that state here.',
    })
  }
  // psql ends with 2 when it gets no connection
  const code = exitCode === 2 ? 'no-server' : 'sql-failed'
  return new UserError(code, `PostgreSQL could not be asked: ${withoutSql(stderr)}`)
}

/** The units that may be the server: `postgresql.service`, `postgresql@15-main.service`, `postgresql-15.service`. */
async function serverUnits(view: View): Promise<string[]> {
  const { stdout } = await view.query(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'postgresql*'])
  return ['postgresql.service', ...stdout.split('\n').flatMap((line) => line.trim().split(/\s+/u)[0] || [])]
}

/** What psql says went wrong; the lines that quote the statement could show a password. */
function withoutSql(stderr: string): string {
  const lines = stderr.trim().split('\n')
  return lines.filter((line) => !/^(?:LINE \d+:|\s*\^|STATEMENT:)/u.test(line)).join('\n')
}
