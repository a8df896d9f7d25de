import type { Module } from '../../core/module/module.ts'
import { databaseAbsent } from './database_absent.ts'
import { databasePresent } from './database_present.ts'
import { query } from './query.ts'
import { retentionPolicyPresent } from './retention_policy_present.ts'
import { userAbsent } from './user_absent.ts'
import { userPresent } from './user_present.ts'

const influxdb: Module = {
  summary: 'InfluxDB 1: its databases, users and retention policies, reached by its HTTP API.',
  states: {
    'influxdb_database.present': databasePresent,
    'influxdb_database.absent': databaseAbsent,
    'influxdb_retention_policy.present': retentionPolicyPresent,
    'influxdb_user.present': userPresent,
    'influxdb_user.absent': userAbsent,
  },
  functions: {
    'influxdb.query': query,
  },
}

export default influxdb
