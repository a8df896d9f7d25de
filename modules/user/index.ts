import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { info } from './info.ts'
import { present } from './present.ts'

const user: Module = {
  summary: 'Users of the machine.',
  states: { 'user.present': present, 'user.absent': absent },
  functions: { 'user.info': info },
}

export default user
