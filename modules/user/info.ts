import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { membershipFact, userFact } from './passwd.ts'

export const info = fn({
  summary: 'Answers what this machine knows of a user; an empty map when there is none.',
  args: () => args({ name: text("The user's name.") }),
  example: 'user.info postgres',
  changes: false,
  async run(view, want) {
    const found = await view.fact(userFact(want.name))
    if (found === undefined) return {}
    const { gecos: _, ...rest } = found
    return { ...rest, groups: [...(await view.fact(membershipFact(want.name)))] }
  },
})
