import type { Module } from '../../core/module/module.ts'
import { system } from './system.ts'

const hostname: Module = {
  summary: 'What this machine is called.',
  states: { 'hostname.system': system },
  functions: {},
}

export default hostname
