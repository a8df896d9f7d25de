import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { findJob, readCrontab, withJob, writeCrontab } from './crontab.ts'

export const absent = state({
  summary: 'No job of cron runs the command.',
  args: () =>
    args({
      name: text('The command.'),
      user: text('In whose crontab.').default('root'),
      identifier: text('By what the job is known; else by its command.').optional(),
    }),
  reports: { '<command>': 'The line that was in the crontab.' },
  example: `
    /usr/local/bin/backup:
      cron.absent:
        - identifier: backup
  `,
  makes: () => [],
  async *plan(view, { name, user, identifier = name }) {
    const has = findJob(await readCrontab(view, user), identifier, name)
    if (has === undefined) return yield* planOf([], `Cron ${name} already absent`)
    const removing = change(name, { old: has.line, new: '' }, [], async (host) => {
      const now = await readCrontab(host, user)
      await writeCrontab(host, user, withJob(now, findJob(now, identifier, name), undefined))
    })
    return yield* planOf([removing], '')
  },
})
