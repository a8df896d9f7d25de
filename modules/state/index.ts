import type { Module } from '../../core/module/module.ts'
import { apply } from './apply.ts'
import { highstate } from './highstate.ts'
import { showLowstate } from './show_lowstate.ts'

const state: Module = {
  summary: 'State runs: the agent asks the master for what this minion is to be.',
  states: {},
  functions: {
    'state.apply': apply,
    'state.highstate': highstate,
    'state.show_lowstate': showLowstate,
  },
}

export default state
