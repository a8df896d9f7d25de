import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const host: Module = {
  summary: 'Names of machines in /etc/hosts.',
  states: { 'host.present': present, 'host.absent': absent },
  functions: {},
}

export default host
