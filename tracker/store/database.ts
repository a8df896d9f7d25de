import type { Kysely } from 'kysely'
import type { UserError } from '../../core/errors.ts'
import type { Tables } from './tables.ts'

/** An open connection, or a transaction on it. */
export type Queries = Kysely<Tables>

/** What differs between the databases; all queries are the same. */
export interface Database {
  readonly queries: Queries
  /** For errors: `SQLite at /var/lib/…` or `PostgreSQL at host:port, database …`. */
  readonly shown: string
  readonly columns: ColumnTypes
  /** Holds off everybody else who would migrate, until the transaction ends. */
  lockMigrations(transaction: Queries): Promise<void>
  /** The database's own time, so that machines with different clocks agree on who is late. */
  clock(): Promise<Date>
  /** What went wrong as a person would say it, when the error is about reaching the database at all. */
  explain(error: unknown): UserError | undefined
  close(): Promise<void>
}

/** The types that the migrations use, as each database calls them. */
export interface ColumnTypes {
  id: string
  uuid: string
  json: string
  time: string
  day: string
}
