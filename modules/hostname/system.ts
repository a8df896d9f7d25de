import { UserError } from '../../core/errors.ts'
import { args, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'

const FILE = '/etc/hostname'

export const system = state({
  summary: 'The machine is called so, now and after its next start. Its minion keeps the id that it joined with.',
  args: () => args({ name: text('The name: letters, digits and -, with dots between its parts.') }),
  reports: { hostname: 'What it was called, and is.', file: 'What /etc/hostname said, and says.' },
  example: `
    db-server:
      hostname.system: []
  `,
  makes: () => [{ kind: 'path', name: FILE }],
  async *plan(view, { name }) {
    if (name.length > 64 || !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/iu.test(name)) {
      throw new UserError('bad-value', `'${name}' is no name of a machine.`, {
        hint: 'At most 64 letters, digits and -, with dots between its parts.',
      })
    }
    const written = ((await readText(view, FILE)) ?? '').trim()
    const called = (await view.query(['uname', '-n'])).stdout.trim()
    const changes: Change[] = []
    if (written !== name) {
      changes.push(
        change('file', { old: written, new: name }, [{ kind: 'path', name: FILE }], (host) =>
          host.write(FILE, `${name}\n`, { mode: '0644' }),
        ),
      )
    }
    if (called !== name) {
      changes.push(
        change('hostname', { old: called, new: name }, [], async (host) => {
          await host.run(['hostname', name], { check: true })
        }),
      )
    }
    return yield* planOf(changes, `The machine is called ${name}`)
  },
})
