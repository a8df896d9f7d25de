import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { cluster } from './cluster.ts'
import { hosts } from './hosts.ts'

/** The dashboards that states/grafana brings to its machine, by file. */
export const DASHBOARDS: Readonly<Record<string, () => Dashboard>> = { 'cluster.json': cluster, 'hosts.json': hosts }

/** Where they lie. */
export const FOLDER = 'states/grafana/files/dashboards'
