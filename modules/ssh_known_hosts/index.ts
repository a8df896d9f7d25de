import type { Module } from '../../core/module/module.ts'
import { absent } from './absent.ts'
import { present } from './present.ts'

const sshKnownHosts: Module = {
  summary: 'Machines whose keys ssh knows, so that it goes to no other in their place.',
  states: { 'ssh_known_hosts.present': present, 'ssh_known_hosts.absent': absent },
  functions: {},
}

export default sshKnownHosts
