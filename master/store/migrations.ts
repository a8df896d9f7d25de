import type { Migration } from 'kysely/migration'
import { makeFleetTables } from '../fleet/tables.ts'
import { makeJobTables } from '../jobs/tables.ts'
import { makeMineTables } from '../mine/tables.ts'
import { makePkiTables } from '../pki/tables.ts'
import { makePlanTables } from '../plans/tables.ts'
import { makeSecretTables } from '../secrets/tables.ts'

/** In the order in which they were released. A released one is never changed: what comes later is a new one. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-pki': { up: makePkiTables },
  '0002-fleet': { up: makeFleetTables },
  '0003-jobs': { up: makeJobTables },
  '0004-mine': { up: makeMineTables },
  '0005-secrets': { up: makeSecretTables },
  '0006-plans': { up: makePlanTables },
}
