import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const sshAuth: Module = {
  summary: 'Keys by which users may log in by ssh.',
  states: { 'ssh_auth.present': present, 'ssh_auth.absent': absent },
  functions: {},
}

export default sshAuth
