import { UserError } from '../../core/errors.ts'
import { args, flag, integer, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { ask, type Connection, csv, systemUser } from './connection.ts'
import { parseCsv } from './csv.ts'
import { databasesFact } from './databases.ts'
import { rolesFact } from './roles.ts'

// Execution functions; what is left out comes from pillar: `postgres.host`, `postgres.password` and so on.

const connecting = {
  user: text('The database user to connect as.').optional(),
  host: text('Where the server is; else the local socket.').optional(),
  port: integer('Its port.').optional(),
  maintenance_db: text('The database to connect to.').default('postgres'),
  password: text("The user's password.").optional(),
  runas: text('The user of the machine to run psql as.').optional(),
}

interface Connecting {
  user?: string | undefined
  host?: string | undefined
  port?: number | undefined
  maintenance_db: string
  password?: string | undefined
  runas?: string | undefined
}

function connectionOf({ user, host, port, maintenance_db: database, password, runas }: Connecting): Connection {
  return { user, host, port, database, password, runas: systemUser(runas, host) }
}

export const dbList = fn({
  summary: 'Answers the databases of the server, by name.',
  args: args(connecting),
  example: 'postgres.db_list',
  changes: false,
  async run(view, want) {
    const connection = connectionOf(want)
    const databases = await ask(view, connection, databasesFact(connection))
    return Object.fromEntries(
      [...databases.values()].map(({ name, owner, encoding, collate, ctype, tablespace }) => [
        name,
        { Owner: owner, Encoding: encoding, Collate: collate, Ctype: ctype, Tablespace: tablespace },
      ]),
    )
  },
})

export const userList = fn({
  summary: 'Answers the users of the server and what they may do, by name. No passwords.',
  args: args(connecting),
  example: 'postgres.user_list',
  changes: false,
  async run(view, want) {
    const connection = connectionOf(want)
    const { byName } = await ask(view, connection, rolesFact(connection))
    return Object.fromEntries(
      [...byName.values()].map(({ name, may, groups, validUntil }) => [
        name,
        { ...may, groups: [...groups], valid_until: validUntil ?? null },
      ]),
    )
  },
})

export const psqlQuery = fn({
  summary: 'Answers the rows of a query, each a map of texts by column. It only reads, unless `write` is said.',
  args: args({
    query: text('The query, in SQL.'),
    ...connecting,
    write: flag('Whether it may change data.').default(false),
  }),
  example: "postgres.psql_query 'SELECT count(*) FROM analysis_run' maintenance_db=run_tracking",
  changes: true,
  async run(host, want) {
    const { exitCode, stdout, stderr } = await csv(host, connectionOf(want), want.query, !want.write)
    if (exitCode !== 0) throw new UserError('sql-failed', stderr.trim())
    return parseCsv(stdout)
  },
})
