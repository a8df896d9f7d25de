import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { managerOf } from './manager.ts'
import { versionsOf } from './wish.ts'

export const version = fn({
  summary: 'Answers the version of an installed package; an empty text when it is not installed.',
  args: () => args({ name: text('The package.') }),
  example: 'pkg.version postgresql',
  changes: false,
  run: async (view, want) => versionsOf(await managerOf(view).installed(view), want.name)?.join(',') ?? '',
})
