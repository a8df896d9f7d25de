import type { Module } from '../../core/module/module.ts'
import { set } from './set.ts'

const alternatives: Module = {
  summary: 'Which of several programs is meant by a common name.',
  states: { 'alternatives.set': set },
  functions: {},
}

export default alternatives
