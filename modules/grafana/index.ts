import type { Module } from '../../core/module/module.ts'
import { dashboardAbsent } from './dashboard_absent.ts'
import { dashboardPresent } from './dashboard_present.ts'
import { datasourceAbsent } from './datasource_absent.ts'
import { datasourcePresent } from './datasource_present.ts'

const grafana: Module = {
  summary: 'Grafana: its data sources and dashboards, by its API.',
  states: {
    'grafana_datasource.present': datasourcePresent,
    'grafana_datasource.absent': datasourceAbsent,
    'grafana_dashboard.present': dashboardPresent,
    'grafana_dashboard.absent': dashboardAbsent,
  },
  functions: {},
}

export default grafana
