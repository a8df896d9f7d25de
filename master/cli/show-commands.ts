import { restArgument, textArgument, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { formatTable } from '../../core/cli/table.ts'
import { formatPlace } from '../../core/errors.ts'

const ID = { name: 'id', summary: 'The minion’s id' }
const STATES = { name: '[states...]', summary: 'Names of state files; without them, those of all roles' }

const top: Command = {
  name: 'show top',
  summary: 'Show which roles and state files a minion has',
  arguments: [ID],
  examples: ['butler-master show top db-server'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const { roles, states } = await masterOf(call).call('show.top', { id: textArgument(call, 'id') })
    call.io.data({ roles, states })
    call.io.print(`roles:  ${roles.join(', ') || 'none'}\nstates: ${states.join(', ') || 'none'}`)
    return EXIT.ok
  },
}

const pillar: Command = {
  name: 'show pillar',
  summary: "Show a minion's pillar; secrets by name only",
  arguments: [ID],
  examples: ['butler-master show pillar db-server'],
  async run(call) {
    const [{ masterOf }, { nestedLines }] = await Promise.all([
      import('./master.ts'),
      import('../../core/run/nested.ts'),
    ])
    const found = await masterOf(call).call('show.pillar', { id: textArgument(call, 'id') })
    call.io.data(found)
    call.io.print(() => nestedLines(found, 0).join('\n'))
    return EXIT.ok
  },
}

const lowstate: Command = {
  name: 'show lowstate',
  summary: 'Show what would run on a minion, in the order of the run',
  arguments: [ID, STATES],
  examples: ['butler-master show lowstate db-server', 'butler-master show lowstate db-server postgres --json'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const input = { id: textArgument(call, 'id'), states: [...restArgument(call, 'states')] }
    const low = await masterOf(call).call('show.lowstate', input)
    call.io.data(low)
    const rows = low.chunks.map(({ id, function: name, sls, at }, order) => [
      String(order),
      name,
      id,
      sls,
      formatPlace(at),
    ])
    call.io.print(formatTable(['#', 'FUNCTION', 'ID', 'STATE FILE', 'AT'], rows))
    return EXIT.ok
  },
}

const highstate: Command = {
  name: 'show highstate',
  summary: 'Show the states of a minion with their arguments, by id',
  arguments: [ID, STATES],
  examples: ['butler-master show highstate db-server'],
  async run(call) {
    const [{ masterOf }, { nestedLines }] = await Promise.all([
      import('./master.ts'),
      import('../../core/run/nested.ts'),
    ])
    const input = { id: textArgument(call, 'id'), states: [...restArgument(call, 'states')] }
    const { chunks } = await masterOf(call).call('show.lowstate', input)
    const states = chunks.map(({ id, function: name, sls, args }) => ({ id, function: name, sls, args }))
    call.io.data(states)
    for (const { id, function: name, sls, args } of states) {
      call.io.print([`${id}:`, `    ${name} (${sls})`, ...nestedLines(args, 4)].join('\n'))
    }
    return EXIT.ok
  },
}

const template: Command = {
  name: 'show template',
  summary: 'Show a file of the states as its templates make it for a minion; secrets by name only',
  arguments: [ID, { name: 'file', summary: 'web, web/init.yaml, butler://web/files/site.conf' }],
  examples: [
    'butler-master show template db-server postgres',
    'butler-master show template db-server postgres/files/pg_hba.conf',
  ],
  async run(call) {
    const [{ masterOf }, { printRendered }] = await Promise.all([
      import('./master.ts'),
      import('../../core/desired/print-rendered.ts'),
    ])
    const input = { id: textArgument(call, 'id'), name: textArgument(call, 'file') }
    return printRendered(await masterOf(call).call('show.template', input), call)
  },
}

export const showCommands: readonly Command[] = [top, pillar, lowstate, highstate, template]
