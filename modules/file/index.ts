import type { Module } from '../../core/module/module.ts'
import { managed } from './managed.ts'

const file: Module = {
  summary: 'Files, folders and links: their content, owners and permissions.',
  states: {
    'file.managed': managed,
  },
  functions: {},
}

export default file
