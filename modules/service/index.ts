import type { Module } from '../../core/module/module.ts'
import { dead } from './dead.ts'
import { disabled } from './disabled.ts'
import { enabled } from './enabled.ts'
import * as functions from './functions.ts'
import { running } from './running.ts'

const service: Module = {
  summary: 'Services of the machine, by systemd.',
  states: {
    'service.running': running,
    'service.dead': dead,
    'service.enabled': enabled,
    'service.disabled': disabled,
  },
  functions: {
    'service.status': functions.status,
    'service.start': functions.start,
    'service.stop': functions.stop,
    'service.restart': functions.restart,
    'service.reload': functions.reload,
    'service.enabled': functions.enabled,
    'service.available': functions.available,
    'service.get_all': functions.getAll,
  },
}

export default service
