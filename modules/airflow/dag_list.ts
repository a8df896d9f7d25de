import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { airflowHas, place } from './python.ts'

export const dagList = fn({
  summary: 'The DAGs that Airflow knows: id -> whether it is paused, whether it is out of date, and its file.',
  args: () => args(place),
  example: 'airflow.dag_list',
  changes: false,
  run: async (view, where) => (await airflowHas(view, where)).dags,
})
