import type { Module } from '../../core/module/module.ts'
import { usage } from './usage.ts'

const disk: Module = {
  summary: 'File systems and how full they are.',
  states: {},
  functions: { 'disk.usage': usage },
}

export default disk
