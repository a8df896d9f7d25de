import type { Module } from '../../core/module/module.ts'
import { configurableTestState } from './configurable_test_state.ts'
import { echo } from './echo.ts'
import { fail } from './fail.ts'
import { failWithChanges } from './fail_with_changes.ts'
import { failWithoutChanges } from './fail_without_changes.ts'
import { nop } from './nop.ts'
import { ping } from './ping.ts'
import { showNotification } from './show_notification.ts'
import { sleep } from './sleep.ts'
import { succeedWithChanges } from './succeed_with_changes.ts'
import { succeedWithoutChanges } from './succeed_without_changes.ts'
import { version } from './version.ts'

const test: Module = {
  summary: 'To try the machinery itself: states and functions that only claim to do something.',
  states: {
    'test.nop': nop,
    'test.succeed_without_changes': succeedWithoutChanges,
    'test.succeed_with_changes': succeedWithChanges,
    'test.fail_without_changes': failWithoutChanges,
    'test.fail_with_changes': failWithChanges,
    'test.configurable_test_state': configurableTestState,
    'test.show_notification': showNotification,
  },
  functions: {
    'test.ping': ping,
    'test.echo': echo,
    'test.version': version,
    'test.sleep': sleep,
    'test.fail': fail,
  },
}

export default test
