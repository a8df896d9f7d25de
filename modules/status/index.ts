import type { Module } from '../../core/module/module.ts'
import { loadavg } from './loadavg.ts'
import { uptime } from './uptime.ts'

const status: Module = {
  summary: 'How a machine does at this moment.',
  states: {},
  functions: { 'status.uptime': uptime, 'status.loadavg': loadavg },
}

export default status
