import { UserError } from '../../core/errors.ts'
import { args, path } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { followLinks, isFolder } from '../../core/module/path.ts'

// Looking at files, one small function each.

export const read = fn({
  summary: 'Answers the content of a file.',
  args: args({ path: path('Where it lies.') }),
  example: 'file.read /etc/hostname',
  changes: false,
  async run(view, want) {
    const content = await view.read(want.path)
    if (content === undefined) throw new UserError('no-file', `There is no file ${want.path}.`)
    return new TextDecoder().decode(content)
  },
})

export const fileExists = fn({
  summary: 'Answers whether a file lies at a path, links followed.',
  args: args({ path: path('Where to look.') }),
  example: 'file.file_exists /etc/butler/minion.yaml',
  changes: false,
  run: async (view, want) => (await view.stat(await followLinks(view, want.path)))?.type === 'file',
})

export const directoryExists = fn({
  summary: 'Answers whether a folder lies at a path, links followed.',
  args: args({ path: path('Where to look.') }),
  example: 'file.directory_exists /var/lib/postgresql',
  changes: false,
  run: (view, want) => isFolder(view, want.path),
})

export const stats = fn({
  summary: 'Answers what lies at a path: its kind, owner, mode, size and age. A link is not followed.',
  args: args({ path: path('Where to look.') }),
  example: 'file.stats /etc/passwd',
  changes: false,
  async run(view, want) {
    const found = await view.stat(want.path)
    if (found === undefined) throw new UserError('no-file', `Nothing lies at ${want.path}.`)
    const { type, mode, user, group, uid, gid, size, mtimeMs, target } = found
    return { type, mode, user, group, uid, gid, size, mtime: mtimeMs / 1000, target: target ?? null }
  },
})
