import type { Module } from '../../core/module/module.ts'
import { present } from './present.ts'

const sysctl: Module = {
  summary: 'Settings of the kernel.',
  states: { 'sysctl.present': present },
  functions: {},
}

export default sysctl
