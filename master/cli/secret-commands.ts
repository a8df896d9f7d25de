import { textArgument, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { formatTable } from '../../core/cli/table.ts'

const NAME = { name: 'name', summary: "The secret's name: postgres/butler_admin" }

const list: Command = {
  name: 'secrets list',
  isDefault: true,
  summary: 'List the names of all secrets; values are never shown',
  examples: ['butler-master secrets list'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const lines = await masterOf(call).call('secrets.list', {})
    call.io.data(lines)
    const rows = lines.map(({ name, made, by }) => [name, made.slice(0, 19), by])
    call.io.print(lines.length === 0 ? 'No secret yet.' : formatTable(['NAME', 'MADE (UTC)', 'BY'], rows))
    return EXIT.ok
  },
}

const set: Command = {
  name: 'secrets set',
  summary: 'Give a secret its value, read from standard input',
  details:
    'One newline at its end is left out. Command lines are seen by everybody on a machine, so it is no argument.',
  arguments: [NAME],
  examples: ['butler-master secrets set postgres/butler_admin < password.txt', 'butler-master secrets set aws/key'],
  async run(call) {
    const [{ masterOf }, { readStdin }] = await Promise.all([import('./master.ts'), import('./read.ts')])
    const name = textArgument(call, 'name')
    const value = (await readStdin(`Type the value of ${name}, then Ctrl-D:`)).replace(/\r?\n$/u, '')
    await masterOf(call).call('secrets.set', { name, value })
    call.io.data({ name })
    call.io.print(`${name} is set.`)
    return EXIT.ok
  },
}

const remove: Command = {
  name: 'secrets delete',
  summary: 'Forget a secret; if a state still names it, its next use makes a new random value',
  arguments: [NAME],
  examples: ['butler-master secrets delete aws/key'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const name = textArgument(call, 'name')
    await masterOf(call).call('secrets.delete', { name })
    call.io.data({ name })
    call.io.print(`${name} is forgotten.`)
    return EXIT.ok
  },
}

export const secretCommands: readonly Command[] = [list, set, remove]
