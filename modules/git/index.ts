import type { Module } from '../../core/module/module.ts'
import { latest } from './latest.ts'

const git: Module = {
  summary: 'Git repositories.',
  states: { 'git.latest': latest },
  functions: {},
}

export default git
