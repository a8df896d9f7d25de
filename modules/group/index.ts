import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const group: Module = {
  summary: 'Groups of the machine.',
  states: { 'group.present': present, 'group.absent': absent },
  functions: {},
}

export default group
