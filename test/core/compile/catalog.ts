import {
  anything,
  args,
  environment,
  flag,
  integer,
  mode,
  path,
  source,
  text,
  textMap,
  texts,
} from '../../../core/module/args.ts'
import { fn } from '../../../core/module/fn.ts'
import type { Catalog } from '../../../core/module/module.ts'
import { catalogOf } from '../../../core/module/module.ts'
import type { AnyState } from '../../../core/module/state.ts'
import { state } from '../../../core/module/state.ts'
import type { z } from 'zod'

/** States that are never run here: the compiler reads their arguments only. */
function made(schema: z.ZodType<object>): AnyState {
  return state({
    summary: 'A state.',
    args: () => schema,
    reports: {},
    example: 'x:\n  test.nop: []\n',
    async *plan() {},
  })
}

/** One that does something of its own when what it watches changes. */
function reacting(schema: z.ZodType<object>): AnyState {
  return { ...made(schema), async *watched() {} }
}

const name = text('Its name.')
const file = {
  name: path('Where it lies.'),
  source: source('Where its content comes from.').optional(),
  contents: texts('Its content.').optional(),
  mode: mode('Its permissions.').optional(),
  user: text('Its owner.').optional(),
  makedirs: flag('Make the folders above it.').default(false),
  replace: flag('Replace the content.').default(true),
  template: anything('The template language.').optional(),
  context: anything('Names for the template.').optional(),
  defaults: anything('Names for the template.').optional(),
  check_cmd: text('Checks the new content.').optional(),
}
const command = {
  name,
  cwd: path('Where to run it.').optional(),
  env: environment('Its environment.').optional(),
}

/** A catalogue small enough to read, with the words that the conformance cases use. */
export const catalog: Catalog = catalogOf([
  {
    summary: 'For tests.',
    states: {
      'test.nop': made(args({ name })),
      'test.succeed_with_changes': made(args({ name })),
      'test.succeed_without_changes': made(args({ name })),
      'test.fail_with_changes': made(args({ name })),
      'test.fail_without_changes': made(args({ name })),
      'test.configurable_test_state': made(
        args({
          name,
          changes: flag('Say that something changed.').default(true),
          result: flag('What to say.').default(true),
          comment: text('What to add.').optional(),
        }),
      ),
      'cmd.run': reacting(args(command)),
      'cmd.wait': reacting(args(command)),
      'pkg.installed': made(args({ name, version: text('Which one.').optional(), pkgs: texts('Several.').optional() })),
      'service.running': reacting(args({ name, enable: flag('At boot too.').optional() })),
      'file.managed': made(args(file)),
      'file.recurse': made(
        args({
          name: path('Where it lies.'),
          source: source('The folder to copy.', 'tree'),
          rendered: textMap('By path.').default({}),
        }),
      ),
      'user.present': made(
        args({ name, uid: integer('Its number.').optional(), password: text('Its password.').optional() }),
      ),
    },
    functions: {
      'test.ping': fn({ summary: 'True.', args: () => args({}), example: 'test.ping', changes: 'asks' }),
      'service.status': fn({
        summary: 'Whether it runs.',
        args: () => args({ name }),
        example: 'service.status nginx',
        changes: 'asks',
      }),
    },
  },
])
