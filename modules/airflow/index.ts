import type { Module } from '../../core/module/module.ts'
import { connectionAbsent } from './connection_absent.ts'
import { connectionPresent } from './connection_present.ts'
import { dagList } from './dag_list.ts'
import { poolAbsent } from './pool_absent.ts'
import { poolPresent } from './pool_present.ts'
import { variableAbsent } from './variable_absent.ts'
import { variablePresent } from './variable_present.ts'

const airflow: Module = {
  summary:
    'Airflow: its connections, variables and pools, and the DAGs that it knows. It is asked and told by its own Python, on a machine that has it.',
  states: {
    'airflow_connection.present': connectionPresent,
    'airflow_connection.absent': connectionAbsent,
    'airflow_variable.present': variablePresent,
    'airflow_variable.absent': variableAbsent,
    'airflow_pool.present': poolPresent,
    'airflow_pool.absent': poolAbsent,
  },
  functions: { 'airflow.dag_list': dagList },
}

export default airflow
