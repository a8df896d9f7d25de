import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { managed } from './managed.ts'

const pkgrepo: Module = {
  summary: 'Repositories of packages, of apt and dnf.',
  states: { 'pkgrepo.managed': managed, 'pkgrepo.absent': absent },
  functions: {},
}

export default pkgrepo
