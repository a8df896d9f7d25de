import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const kmod: Module = {
  summary: 'Modules of the kernel: loaded now, and with `persist` at every start of the machine.',
  states: { 'kmod.present': present, 'kmod.absent': absent },
  functions: {},
}

export default kmod
