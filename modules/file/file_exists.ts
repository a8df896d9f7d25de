import { args, path } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { followLinks } from '../../core/module/path.ts'

export const fileExists = fn({
  summary: 'Answers whether a file lies at a path, links followed.',
  args: () => args({ path: path('Where to look.') }),
  example: 'file.file_exists /etc/butler/minion.yaml',
  changes: false,
  run: async (view, want) => (await followLinks(view, want.path)).stat?.type === 'file',
})
