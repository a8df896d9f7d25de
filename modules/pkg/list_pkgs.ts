import { args } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { managerOf } from './manager.ts'

export const listPkgs = fn({
  summary: 'Answers all installed packages with their versions.',
  args: () => args({}),
  example: 'pkg.list_pkgs',
  changes: false,
  async run(view) {
    const { versions } = await managerOf(view).installed(view)
    return Object.fromEntries([...versions.keys()].sort().map((name) => [name, versions.get(name)?.join(',') ?? '']))
  },
})
