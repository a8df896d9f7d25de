import type { Module } from '../../core/module/module.ts'
import { hasLeader } from './has_leader.ts'
import { health } from './health.ts'
import { join } from './join.ts'
import { members } from './members.ts'
import { serviceAbsent } from './service_absent.ts'
import { serviceRegistered } from './service_registered.ts'

const consul: Module = {
  summary: 'Consul, which knows where services are: what its agent on this machine says.',
  states: {
    'consul.service_registered': serviceRegistered,
    'consul.service_absent': serviceAbsent,
  },
  functions: {
    'consul.has_leader': hasLeader,
    'consul.health': health,
    'consul.join': join,
    'consul.members': members,
  },
}

export default consul
