import type { Module } from '../../core/module/module.ts'
import { system } from './system.ts'

const timezone: Module = {
  summary: 'The time zone of this machine.',
  states: { 'timezone.system': system },
  functions: {},
}

export default timezone
