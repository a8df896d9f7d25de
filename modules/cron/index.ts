import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const cron: Module = {
  summary: 'Jobs of cron.',
  states: { 'cron.present': present, 'cron.absent': absent },
  functions: {},
}

export default cron
