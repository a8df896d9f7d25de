import { args, oneOf, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { TARGET_KINDS } from '../../core/target/target.ts'

export const get = fn({
  summary: "Answers what other minions last said of themselves, by minion: the mine's values of one function.",
  args: () =>
    args({
      tgt: text('Which minions.'),
      fun: text('The function or alias of their `mine_functions`, such as `network.ip_addrs`.'),
      tgt_type: oneOf(TARGET_KINDS, 'How the target is written.').default('compound'),
    }),
  example: "mine.get 'G@roles:consul-server' network.ip_addrs",
  changes: 'asks',
})
