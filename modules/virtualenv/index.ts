import type { Module } from '../../core/module/module.ts'
import { managed } from './managed.ts'

const virtualenv: Module = {
  summary: 'Virtual environments of Python.',
  states: { 'virtualenv.managed': managed },
  functions: {},
}

export default virtualenv
