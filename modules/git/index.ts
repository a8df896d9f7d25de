import type { Module } from '../../core/module/module.ts'
import { cloned } from './cloned.ts'
import { latest } from './latest.ts'

const git: Module = {
  summary: 'Git repositories.',
  states: { 'git.latest': latest, 'git.cloned': cloned },
  functions: {},
}

export default git
