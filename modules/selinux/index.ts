import type { Module } from '../../core/module/module.ts'
import { boolean } from './boolean.ts'
import { getenforce } from './getenforce.ts'
import { mode } from './mode.ts'

const selinux: Module = {
  summary: 'SELinux: whether it enforces its rules, and the booleans that change them.',
  states: { 'selinux.mode': mode, 'selinux.boolean': boolean },
  functions: { 'selinux.getenforce': getenforce },
}

export default selinux
