import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

/** What file.append and file.prepend are to add: `text`, or the content of `source`. */
export async function textsToAdd(
  view: View,
  want: { text?: string[] | undefined; source?: string | undefined },
): Promise<string[]> {
  if (want.text !== undefined && want.source !== undefined) {
    throw new UserError('two-contents', 'text and source both say what to add.', { hint: 'Give only one of them.' })
  }
  if (want.source !== undefined) return [new TextDecoder().decode(await view.fetch(want.source))]
  if (want.text !== undefined) return want.text
  throw new UserError('no-contents', 'There is nothing to add.', { hint: 'Give `text` or `source`.' })
}
