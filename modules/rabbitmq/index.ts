import type { Module } from '../../core/module/module.ts'
import { listQueues } from './list_queues.ts'
import { listUsers } from './list_users.ts'
import { listVhosts } from './list_vhosts.ts'
import { pluginDisabled } from './plugin_disabled.ts'
import { pluginEnabled } from './plugin_enabled.ts'
import { policyAbsent } from './policy_absent.ts'
import { policyPresent } from './policy_present.ts'
import { userAbsent } from './user_absent.ts'
import { userPresent } from './user_present.ts'
import { vhostAbsent } from './vhost_absent.ts'
import { vhostPresent } from './vhost_present.ts'

const rabbitmq: Module = {
  summary: 'The RabbitMQ broker of this machine.',
  states: {
    'rabbitmq_plugin.enabled': pluginEnabled,
    'rabbitmq_plugin.disabled': pluginDisabled,
    'rabbitmq_policy.present': policyPresent,
    'rabbitmq_policy.absent': policyAbsent,
    'rabbitmq_user.present': userPresent,
    'rabbitmq_user.absent': userAbsent,
    'rabbitmq_vhost.present': vhostPresent,
    'rabbitmq_vhost.absent': vhostAbsent,
  },
  functions: {
    'rabbitmq.list_queues': listQueues,
    'rabbitmq.list_users': listUsers,
    'rabbitmq.list_vhosts': listVhosts,
  },
}

export default rabbitmq
