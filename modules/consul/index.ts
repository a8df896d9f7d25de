import type { Module } from '../../core/module/module.ts'
import { hasLeader } from './has_leader.ts'
import { health } from './health.ts'
import { join } from './join.ts'
import { members } from './members.ts'
import { policyAbsent } from './policy_absent.ts'
import { policyPresent } from './policy_present.ts'
import { serviceAbsent } from './service_absent.ts'
import { serviceRegistered } from './service_registered.ts'
import { tokenAbsent } from './token_absent.ts'
import { tokenPresent } from './token_present.ts'

const consul: Module = {
  summary: 'Consul, which knows where services are: what its agent on this machine says, and who may do what in it.',
  states: {
    'consul.service_registered': serviceRegistered,
    'consul.service_absent': serviceAbsent,
    'consul_policy.present': policyPresent,
    'consul_policy.absent': policyAbsent,
    'consul_token.present': tokenPresent,
    'consul_token.absent': tokenAbsent,
  },
  functions: {
    'consul.has_leader': hasLeader,
    'consul.health': health,
    'consul.join': join,
    'consul.members': members,
  },
}

export default consul
