import type { Module } from '../../core/module/module.ts'
import { hasLeader } from './has_leader.ts'
import { members } from './members.ts'

const consul: Module = {
  summary: 'Consul, which knows where services are: what its agent on this machine says.',
  states: {},
  functions: {
    'consul.has_leader': hasLeader,
    'consul.members': members,
  },
}

export default consul
