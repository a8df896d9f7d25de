import { integer, text } from '../../core/module/args.ts'
import { type Connection, systemUser } from './connection.ts'

// How execution functions reach the server. What is left out comes from pillar: `postgres.host`, `postgres.password` and so on.

export const connecting = {
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

export function calledConnection({
  user,
  host,
  port,
  maintenance_db: database,
  password,
  runas,
}: Connecting): Connection {
  return { user, host, port, database, password, runas: systemUser(runas, host) }
}
