import type { Module } from '../../core/module/module.ts'
import { retcode } from './retcode.ts'
import { run } from './run.ts'
import { runAll } from './run_all.ts'
import { runFunction } from './run_function.ts'
import { runStdout } from './run_stdout.ts'
import { script } from './script.ts'
import { wait } from './wait.ts'

const cmd: Module = {
  summary: 'Commands and scripts, for what no other state can say.',
  states: {
    'cmd.run': run,
    'cmd.wait': wait,
    'cmd.script': script,
  },
  functions: {
    'cmd.run': runFunction,
    'cmd.run_all': runAll,
    'cmd.run_stdout': runStdout,
    'cmd.retcode': retcode,
  },
}

export default cmd
