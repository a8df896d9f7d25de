import { args, seconds } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const sleep = fn({
  summary: 'Answers true after some seconds.',
  args: () => args({ length: seconds('How many seconds.') }),
  example: 'test.sleep 2',
  changes: false,
  async run(view, want) {
    await view.query(['sleep', String(want.length)])
    return true
  },
})
