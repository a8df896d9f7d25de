import { anything, args, type ArgsOf, lines, oneOf, source, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { planOf, state, type Plan } from '../../core/module/state.ts'
import type { Output, View } from '../../core/module/view.ts'
import {
  commandArgs,
  commandDone,
  commandOptions,
  requireRunnable,
  COMMAND_IGNORES,
  COMMAND_REPORTS,
} from './command.ts'

const wanted = () =>
  args({
    source: source('The script, such as `butler://kapacitor/files/register.sh`.').optional(),
    name: source('The script, when `source` is not given, and its arguments; else any text.'),
    contents: lines('The script itself, in place of a source.').optional(),
    args: text('Its arguments, as they would be typed.').optional(),
    template: oneOf(['handlebars'], 'Renders the script as a template before it is sent.').optional(),
    context: anything('Values for the template.').optional(),
    defaults: anything('Values for the template where the context has none.').optional(),
    ...commandArgs,
  })

type Want = ArgsOf<typeof wanted>

async function* scriptPlan(view: View, want: Want): Plan {
  await requireRunnable(view, want)
  const [named = want.name, ...words] = want.name.split(' ')
  const isNamed = want.source === undefined && want.contents === undefined
  const content = want.contents === undefined ? await view.fetch(want.source ?? named) : encode(want.contents)
  const line = want.args ?? (isNamed ? words.join(' ') : '')
  const running = change('cmd', want.name, ['anything'], async (host) =>
    commandDone(want.name, await runScript(host, content, line, want), want),
  )
  return yield* planOf([running], '')
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The script lies in a folder of its own, that only its user can enter, for as long as it runs. */
async function runScript(host: Host, content: Uint8Array, words: string, want: Want): Promise<Output> {
  const folder = (await host.run(['mktemp', '-d'], { check: true })).stdout.trim()
  try {
    const script = `${folder}/script`
    await host.write(script, content, { mode: '0500', user: want.runas })
    if (want.runas !== undefined) await host.chown(folder, want.runas, undefined)
    return await host.shell(`${interpreter(content, want.shell)} '${script}' ${words}`, commandOptions(want))
  } finally {
    await host.remove(folder)
  }
}

/** What the script names in its first line, so that it runs on a file system without executables too. */
function interpreter(content: Uint8Array, shell: string | undefined): string {
  const [first = ''] = new TextDecoder().decode(content.subarray(0, 200)).split('\n')
  return first.startsWith('#!') ? first.slice(2).trim() : (shell ?? '/bin/sh')
}

export const script = state({
  summary: 'Runs a script of the sources, every time: add `unless`, `creates` or `onchanges` to say when it is needed.',
  args: wanted,
  reports: COMMAND_REPORTS,
  ignores: COMMAND_IGNORES,
  example: `
    register-checks:
      cmd.script:
        - source: butler://kapacitor/files/register.sh
        - args: --all
        - creates: /var/lib/kapacitor/.registered
  `,
  plan: scriptPlan,
  watched: scriptPlan,
})
