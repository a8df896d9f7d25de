import { isMap, type Data, type DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { path, text } from '../../core/module/args.ts'
import { change, type Change, ChangeFailed } from '../../core/module/change.ts'
import { fact } from '../../core/module/fact.ts'
import type { Output, View } from '../../core/module/view.ts'

/** Where Airflow is; what the roles of this project install is the default. */
export const place = {
  python: path("The Python of Airflow's environment.").default('/opt/airflow/bin/python'),
  env_file: path('A file with its environment: AIRFLOW_HOME, AIRFLOW_CONFIG.').default('/etc/airflow/env'),
  runas: text('The user that it runs as.').default('airflow'),
}

export interface Place {
  python: string
  env_file: string
  runas: string
}

/** What Airflow has, by name. */
export interface Has {
  connections: DataMap
  variables: DataMap
  pools: DataMap
  dags: DataMap
}

/** One change: the values of a new or another row, or nothing for a row that is to go. */
export interface Wish {
  kind: 'connections' | 'variables' | 'pools'
  name: string
  values?: DataMap
}

/** What Airflow has of all that is asked for here, by one start of its Python. */
export async function airflowHas(view: View, where: Place): Promise<Has> {
  try {
    return await view.fact(
      fact({
        name: `airflow of ${where.python} with ${where.env_file}`,
        // Not by a change of Airflow's rows: each state looks at its own one, and every look costs a start of Python.
        stale: ['package', 'path', 'unit'],
        read: async (view) => parseAnswer(await view.query(argv(where), { input: script(null), runas: where.runas })),
      }),
    )
  } catch (error) {
    if (error instanceof UserError) view.missing({ kind: 'path', name: where.python })
    throw error
  }
}

/** The change that a wish is. */
export function wishing(where: Place, wish: Wish, key: string, shows: Data): Change {
  return change(key, shows, [{ kind: 'airflow', name: wish.name }], async (host) => {
    const { exitCode, stderr } = await host.run(argv(where), { input: script({ ...wish }), runas: where.runas })
    if (exitCode !== 0) throw new ChangeFailed(`Airflow did not take ${wish.name}: ${lastLine(stderr)}`)
  })
}

/** All of it goes in by standard input, since it may hold a password. */
function argv({ python, env_file: env }: Place): [string, ...string[]] {
  return ['sh', '-c', 'set -a; . "$1"; set +a; exec "$2" -', 'sh', env, python]
}

const ANSWER = '--- butler '

function script(wish: DataMap | null): string {
  // JSON twice: the outer one is a literal of Python.
  return `
import json
wish = json.loads(${JSON.stringify(JSON.stringify(wish))})
from airflow.models import Connection, DagModel, Pool, Variable
from airflow.utils.session import create_session

COLUMNS = {
    "connections": (Connection, "conn_id", ["conn_type", "description", "host", "login", "password", "schema", "port", "extra"]),
    "variables": (Variable, "key", ["val", "description"]),
    "pools": (Pool, "pool", ["slots", "description", "include_deferred"]),
    "dags": (DagModel, "dag_id", ["is_paused", "is_stale", "fileloc"]),
}

def table(session, kind):
    model, key, columns = COLUMNS[kind]
    return {getattr(row, key): {column: getattr(row, column) for column in columns} for row in session.query(model).all()}

with create_session() as session:
    if wish is None:
        print("${ANSWER}" + json.dumps({kind: table(session, kind) for kind in COLUMNS}))
    else:
        model, key, columns = COLUMNS[wish["kind"]]
        row = session.query(model).filter(getattr(model, key) == wish["name"]).one_or_none()
        if "values" not in wish:
            if row is not None:
                session.delete(row)
        else:
            if row is None:
                row = model(**{key: wish["name"]})
                session.add(row)
            for column, value in wish["values"].items():
                getattr(row, "set_" + column)(value) if hasattr(row, "set_" + column) else setattr(row, column, value)
`
}

function parseAnswer({ exitCode, stdout, stderr }: Output): Has {
  const line = stdout.split('\n').find((each) => each.startsWith(ANSWER))
  if (exitCode !== 0 || line === undefined) {
    throw new UserError('no-airflow', `Airflow can't be asked on this machine: ${lastLine(stderr)}`, {
      hint: 'Is it installed here, and does it reach its database? `python`, `env_file` and `runas` say where it is.',
    })
  }
  const answer = JSON.parse(line.slice(ANSWER.length)) as Data
  const tableOf = (kind: string): DataMap => {
    const table = isMap(answer) ? answer[kind] : undefined
    return table !== undefined && isMap(table) ? table : {}
  }
  return {
    connections: tableOf('connections'),
    variables: tableOf('variables'),
    pools: tableOf('pools'),
    dags: tableOf('dags'),
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
