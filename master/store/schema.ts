import type { FleetTables } from '../fleet/tables.ts'
import type { JobTables } from '../jobs/tables.ts'
import type { MineTables } from '../mine/tables.ts'
import type { PkiTables } from '../pki/tables.ts'
import type { PlanTables } from '../plans/tables.ts'
import type { SecretTables } from '../secrets/tables.ts'

/** All tables. Each room describes its own in its `tables.ts`, with the migrations that make them. */
export interface Schema extends PkiTables, FleetTables, JobTables, MineTables, SecretTables, PlanTables {}
