import type { Module } from '../../core/module/module.ts'
import { databaseAbsent } from './database_absent.ts'
import { databasePresent } from './database_present.ts'
import { extensionPresent } from './extension_present.ts'
import { dbList } from './db_list.ts'
import { privilegesAbsent } from './privileges_absent.ts'
import { privilegesPresent } from './privileges_present.ts'
import { psqlQuery } from './psql_query.ts'
import { schemaAbsent } from './schema_absent.ts'
import { schemaPresent } from './schema_present.ts'
import { tablespacePresent } from './tablespace_present.ts'
import { userList } from './user_list.ts'
import { userAbsent } from './user_absent.ts'
import { userPresent } from './user_present.ts'

const postgres: Module = {
  summary:
    'PostgreSQL: its users and what they may do, databases, schemas, extensions and tablespaces, reached by psql.',
  states: {
    'postgres_user.present': userPresent,
    'postgres_user.absent': userAbsent,
    'postgres_database.present': databasePresent,
    'postgres_database.absent': databaseAbsent,
    'postgres_extension.present': extensionPresent,
    'postgres_schema.present': schemaPresent,
    'postgres_schema.absent': schemaAbsent,
    'postgres_tablespace.present': tablespacePresent,
    'postgres_privileges.present': privilegesPresent,
    'postgres_privileges.absent': privilegesAbsent,
  },
  functions: {
    'postgres.db_list': dbList,
    'postgres.user_list': userList,
    'postgres.psql_query': psqlQuery,
  },
}

export default postgres
