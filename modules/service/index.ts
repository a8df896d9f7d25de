import type { Module } from '../../core/module/module.ts'
import { available } from './available.ts'
import { dead } from './dead.ts'
import { disabled } from './disabled.ts'
import { enabled } from './enabled.ts'
import { getAll } from './get_all.ts'
import { isEnabledFunction } from './is_enabled.ts'
import { masked } from './masked.ts'
import { reload } from './reload.ts'
import { restart } from './restart.ts'
import { running } from './running.ts'
import { start } from './start.ts'
import { staysUp } from './stays_up.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { unmasked } from './unmasked.ts'

const service: Module = {
  summary: 'Services of the machine, by systemd.',
  states: {
    'service.running': running,
    'service.dead': dead,
    'service.enabled': enabled,
    'service.disabled': disabled,
    'service.masked': masked,
    'service.unmasked': unmasked,
  },
  functions: {
    'service.status': status,
    'service.stays_up': staysUp,
    'service.start': start,
    'service.stop': stop,
    'service.restart': restart,
    'service.reload': reload,
    'service.enabled': isEnabledFunction,
    'service.available': available,
    'service.get_all': getAll,
  },
}

export default service
