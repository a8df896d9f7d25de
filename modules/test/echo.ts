import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'

export const echo = fn({
  summary: 'Answers the text that it was given.',
  args: () => args({ text: text('The text to send back.') }),
  example: "test.echo 'hello there'",
  changes: false,
  run: (_view, want) => Promise.resolve(want.text),
})
