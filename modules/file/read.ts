import { UserError } from '../../core/errors.ts'
import { args, path } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const read = fn({
  summary: 'Answers the content of a file.',
  args: () => args({ path: path('Where it lies.') }),
  example: 'file.read /etc/hostname',
  changes: false,
  async run(view, want) {
    const content = await view.read(want.path)
    if (content === undefined) throw new UserError('no-file', `There is no file ${want.path}.`)
    return new TextDecoder().decode(content)
  },
})
