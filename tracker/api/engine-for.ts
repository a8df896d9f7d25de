import { hostname } from 'node:os'
import { UserError } from '../../core/errors.ts'
import type { Queries } from '../store/database.ts'
import { addEngine, findAirflowEngine } from '../store/engines.ts'
import type { Tracker } from './tracker.ts'

/** The engine that runs are scheduled for now: a new one on this machine, which is still to be started, or `butler serve`. */
export async function engineFor(tracker: Tracker, queries: Queries, now: string): Promise<string> {
  const { engine, leaseMs } = tracker.config
  if (engine.kind === 'local') return addEngine(queries, hostname(), now)
  const found = await findAirflowEngine(queries, new Date(Date.parse(now) - leaseMs).toISOString())
  if (found !== undefined) return found.id
  throw new UserError('no-engine', "Nobody hands runs to Airflow: 'butler serve' is not running.", {
    hint: "Start it: 'systemctl start butler-tracker'; 'journalctl -u butler-tracker' says why it stopped.",
  })
}
