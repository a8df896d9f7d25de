import { UserError } from '../../core/errors.ts'
import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const fail = fn({
  summary: 'Fails: to see how failures look.',
  args: () => args({ text: text('The reason that it gives.').default('test.fail was called.') }),
  example: 'test.fail',
  changes: false,
  run: (_view, want) => Promise.reject(new UserError('test-failure', want.text)),
})
