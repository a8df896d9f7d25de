import type { Module } from '../../core/module/module.ts'
import { installed } from './installed.ts'
import { list } from './list.ts'
import { removed } from './removed.ts'

const pip: Module = {
  summary: 'Python packages, in virtual environments or of the machine.',
  states: { 'pip.installed': installed, 'pip.removed': removed },
  functions: { 'pip.list': list },
}

export default pip
