import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { lockFolder } from '../../core/cli/lock.ts'
import { UserError } from '../../core/errors.ts'
import type { Tracker } from '../api/tracker.ts'
import type { AirflowConfig } from '../config.ts'
import { AirflowApi } from '../engines/airflow/api.ts'
import { AirflowEngine } from '../engines/airflow/engine.ts'
import { Tokens } from '../engines/airflow/tokens.ts'
import { listWorkflows } from '../store/workflows.ts'
import { TrackerServer } from './server.ts'
import { Shelf } from './shelf.ts'

/** How often its certificate is read anew, in milliseconds: it is renewed long before it ends. */
const RENEW = 3_600_000

/** Hands the tracker's runs to Airflow and hears their tasks, until it is stopped. The runs go on meanwhile. */
export async function serve(tracker: Tracker, stop: AbortSignal, say: (line: string) => void): Promise<void> {
  const { config } = tracker
  if (config.engine.kind !== 'airflow') {
    throw new UserError('no-engine', `${config.file} says 'engine: local': there is nothing to serve.`, {
      hint: "It is for 'engine: airflow', where tasks run on other machines. With 'local' each launch has an engine of its own.",
    })
  }
  const { serve: listen } = config.engine
  const lock = lockFolder(dirname(listen.tokenKeyFile), 'tracker')
  try {
    await serveAlone(tracker, config.engine, stop, say)
  } finally {
    lock.release()
  }
}

/** Two of them would hand over the same runs, and write the same logs. */
async function serveAlone(
  tracker: Tracker,
  airflow: AirflowConfig,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const { config, database } = tracker
  const { serve: listen } = airflow
  const tokens = await Tokens.open(listen.tokenKeyFile)
  const api = new AirflowApi(airflow)
  const engine = await AirflowEngine.open(tracker, { host: hostname(), api, tokens, say })
  const shelf = new Shelf(config.kept, () => listWorkflows(database.queries))
  const services = {
    engine,
    tokens,
    shelf,
    leaseMs: config.leaseMs,
    check: async () => void (await database.clock()),
    away: (thrown: unknown) => database.explain(thrown),
  }
  const server = await TrackerServer.open({ config: listen, services, say })
  say(`The tracker listens on port ${server.port}.`)
  try {
    await Promise.all([engine.work(stop), renewing(server, stop, say)])
  } finally {
    await server.close()
  }
}

async function renewing(server: TrackerServer, stop: AbortSignal, say: (line: string) => void): Promise<void> {
  while (!stop.aborted) {
    await wait(RENEW, undefined, { signal: stop }).catch(() => {})
    if (!stop.aborted) await server.renew().catch((error: unknown) => say(`Its certificate stays: ${String(error)}`))
  }
}
