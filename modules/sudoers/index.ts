import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const sudoers: Module = {
  summary: 'Who may do what by sudo.',
  states: { 'sudoers.present': present, 'sudoers.absent': absent },
  functions: {},
}

export default sudoers
