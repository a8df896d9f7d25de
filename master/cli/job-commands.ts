import { textArgument, textOption, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { STATE_OUTPUT } from '../../core/cli/state-output.ts'
import { formatTable } from '../../core/cli/table.ts'
import { UserError } from '../../core/errors.ts'
import type { JobLine } from '../jobs/jobs.ts'

const JID = { name: 'jid', summary: 'The job’s id: 20 digits' }

const list: Command = {
  name: 'jobs list',
  isDefault: true,
  summary: 'List the last jobs, newest first',
  options: [{ flags: '--limit <number>', summary: 'How many', default: '20' }],
  examples: ['butler-master jobs list', 'butler-master jobs list --limit 100 --json'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const lines = await masterOf(call).call('jobs.list', { limit: limitOf(call) })
    call.io.data(lines)
    const rows = lines.map((line) => [line.jid, line.created.slice(0, 19), titleOf(line), line.by, outcomesOf(line)])
    call.io.print(
      lines.length === 0 ? 'No job yet.' : formatTable(['JID', 'CREATED (UTC)', 'WHAT', 'BY', 'OUTCOMES'], rows),
    )
    return EXIT.ok
  },
}

const show: Command = {
  name: 'jobs show',
  summary: 'Show what came of a job, so far',
  arguments: [JID],
  options: [STATE_OUTPUT],
  examples: ['butler-master jobs show 20261124031500123456'],
  async run(call) {
    const [{ masterOf }, { printReport }] = await Promise.all([import('./master.ts'), import('./follow.ts')])
    return printReport(await masterOf(call).call('jobs.show', { jid: textArgument(call, 'jid') }), call)
  },
}

const watch: Command = {
  name: 'jobs watch',
  summary: 'Follow a job to its end and show what came of it',
  arguments: [JID],
  options: [STATE_OUTPUT],
  examples: ['butler-master jobs watch 20261124031500123456'],
  run: watched,
}

const cancel: Command = {
  name: 'jobs cancel',
  summary: 'End a job on all minions where it has not ended',
  arguments: [JID],
  examples: ['butler-master jobs cancel 20261124031500123456'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const jid = textArgument(call, 'jid')
    await masterOf(call).call('jobs.cancel', { jid })
    call.io.data({ jid })
    call.io.print(`${jid} is cancelled where it had not ended.`)
    return EXIT.ok
  },
}

const times: Command = {
  name: 'jobs times',
  summary: 'Say where the time of a job went: by step of an orchestration, by host and by state',
  arguments: [JID],
  examples: ['butler-master jobs times 20261123102030405000'],
  async run(call) {
    const [{ masterOf }, { formatTimes }] = await Promise.all([import('./master.ts'), import('./times.ts')])
    const found = await masterOf(call).call('jobs.times', { jid: textArgument(call, 'jid') })
    call.io.data(found)
    call.io.print(() => formatTimes(found))
    return EXIT.ok
  },
}

export const jobCommands: readonly Command[] = [list, show, watch, times, cancel]

async function watched(call: Call): Promise<ExitCode> {
  const [{ masterOf }, { follow }] = await Promise.all([import('./master.ts'), import('./follow.ts')])
  const api = masterOf(call)
  const jid = textArgument(call, 'jid')
  const { targets } = await api.call('jobs.show', { jid })
  return follow(api, jid, Object.keys(targets), call)
}

function limitOf(call: Call): number {
  const text = textOption(call, 'limit') ?? ''
  const limit = Number(text)
  if (Number.isInteger(limit) && limit > 0 && limit <= 10_000) return limit
  throw new UserError('bad-limit', `'${text}' is no number of jobs.`, { hint: 'Give one from 1 to 10000.' })
}

function titleOf({ title, test }: JobLine): string {
  return `${title.length > 48 ? `${title.slice(0, 47)}…` : title}${test ? ' (plan)' : ''}`
}

function outcomesOf({ outcomes }: JobLine): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ')
}
