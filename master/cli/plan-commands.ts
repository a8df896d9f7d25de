import { textArgument, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { STATE_OUTPUT } from '../../core/cli/state-output.ts'
import { formatTable } from '../../core/cli/table.ts'
import { deadlinesOf, JOB_OPTIONS } from './deadlines.ts'

const JID = { name: 'plan', summary: "The plan's id, as 'plan --save' and 'plans' say it" }

const list: Command = {
  name: 'plans list',
  isDefault: true,
  summary: 'List the plans that were saved',
  examples: ['butler-master plans'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const lines = await masterOf(call).call('plans.list', {})
    call.io.data(lines)
    const rows = lines.map(({ jid, saved, by, changes, targets, states }) => [
      jid,
      saved.slice(0, 19),
      by,
      String(changes),
      states.join(' ') || 'highstate',
      targets.join(', '),
    ])
    call.io.print(
      lines.length === 0
        ? 'No plan was saved.'
        : formatTable(['PLAN', 'SAVED (UTC)', 'BY', 'WOULD CHANGE', 'STATES', 'MINIONS'], rows),
    )
    return EXIT.ok
  },
}

const apply: Command = {
  name: 'plans apply',
  summary: 'Apply a saved plan, exactly as it is',
  details:
    'It is refused, with what is different, when the sources have changed since, when what its minions say of themselves ' +
    'has, or when their machines have: they are asked for the plan once more, and it must say just the same.',
  arguments: [JID],
  options: [...JOB_OPTIONS, STATE_OUTPUT],
  examples: ['butler-master plans apply 20261126102030405000'],
  run: applyPlan,
}

const remove: Command = {
  name: 'plans delete',
  summary: 'Forget a saved plan',
  arguments: [JID],
  examples: ['butler-master plans delete 20261126102030405000'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const jid = textArgument(call, 'plan')
    await masterOf(call).call('plans.delete', { jid })
    call.io.data({ jid })
    call.io.print(`The plan ${jid} is forgotten.`)
    return EXIT.ok
  },
}

export const planCommands: readonly Command[] = [list, apply, remove]

async function applyPlan(call: Call): Promise<ExitCode> {
  const [{ masterOf }, { conclude, watched }] = await Promise.all([import('./master.ts'), import('./follow.ts')])
  const api = masterOf(call)
  const saved = textArgument(call, 'plan')
  const deadlines = deadlinesOf(call)
  const again = await api.call('plans.again', { jid: saved, ...deadlines })
  call.io.note('Planning once more, to see whether the machines are as they were.')
  const report = await watched(api, again.jid, again.targets, call)
  if (report === undefined) return EXIT.failed
  return conclude(api, await api.call('plans.apply', { jid: saved, again: again.jid, ...deadlines }), call)
}
