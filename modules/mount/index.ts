import type { Module } from '../../core/module/module.ts'
import { mounted } from './mounted.ts'
import { unmounted } from './unmounted.ts'

const mount: Module = {
  summary: 'File systems and where they are mounted.',
  states: { 'mount.mounted': mounted, 'mount.unmounted': unmounted },
  functions: {},
}

export default mount
