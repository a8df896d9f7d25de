import { args, path } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { isFolder } from '../../core/module/path.ts'

export const directoryExists = fn({
  summary: 'Answers whether a folder lies at a path, links followed.',
  args: () => args({ path: path('Where to look.') }),
  example: 'file.directory_exists /var/lib/postgresql',
  changes: false,
  run: (view, want) => isFolder(view, want.path),
})
