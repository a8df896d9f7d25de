import { UserError } from '../../core/errors.ts'
import { args, path } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const stats = fn({
  summary: 'Answers what lies at a path: its kind, owner, mode, size and age. A link is not followed.',
  args: () => args({ path: path('Where to look.') }),
  example: 'file.stats /etc/passwd',
  changes: false,
  async run(view, want) {
    const found = await view.stat(want.path)
    if (found === undefined) throw new UserError('no-file', `Nothing lies at ${want.path}.`)
    const { type, mode, user, group, uid, gid, size, mtimeMs, target } = found
    return { type, mode, user, group, uid, gid, size, mtime: mtimeMs / 1000, target: target ?? null }
  },
})
