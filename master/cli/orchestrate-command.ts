import { flagOption, textArgument, type Command } from '../../core/cli/command.ts'

export const orchestrateCommand: Command = {
  name: 'orchestrate',
  summary: 'Do the steps of an orchestration, one after the other, across the fleet',
  details: 'Every step is compiled before the first one begins. It can be run again at any time.',
  arguments: [{ name: 'name', summary: 'Its name: orchestrations/deploy.yaml is deploy' }],
  options: [
    { flags: '--test', summary: 'Only say what each step would change' },
    { flags: '--async', summary: 'Print the job’s id and do not wait' },
    { flags: '--pillar <json>', summary: 'Pillar values for all its steps: JSON, or @FILE (JSON or YAML)' },
  ],
  examples: ['butler-master orchestrate deploy', 'butler-master orchestrate deploy --test'],
  async run(call) {
    const [{ masterOf }, { pillarOf }, { conclude }, { formatTimes }] = await Promise.all([
      import('./master.ts'),
      import('./pillar.ts'),
      import('./follow.ts'),
      import('./times.ts'),
    ])
    const api = masterOf(call)
    const input = { name: textArgument(call, 'name'), test: flagOption(call, 'test'), ...(await pillarOf(call)) }
    const submitted = await api.call('orchestrate', input)
    const ended = await conclude(api, submitted, call)
    const isOver = !flagOption(call, 'async') && !call.io.interrupted.aborted
    // What came of it is told already: that a master which just went away can't say this changes nothing.
    const times = isOver ? await api.call('jobs.times', { jid: submitted.jid }).catch(() => undefined) : undefined
    if (times !== undefined) call.io.note(`\n${formatTimes(times)}`)
    return ended
  },
}
