import type { Module } from '../../core/module/module.ts'
import { get } from './get.ts'
import { update } from './update.ts'

const mine: Module = {
  summary: 'What minions tell each other through the master: addresses, names, keys.',
  states: {},
  functions: { 'mine.get': get, 'mine.update': update },
}

export default mine
