import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { findJob, type Job, readCrontab, withJob, writeCrontab } from './crontab.ts'

const wanted = () =>
  args({
    name: text('The command.'),
    user: text('In whose crontab.').default('root'),
    minute: text('0 to 59, `*/5`, `1,31`; `*` is every.').default('*'),
    hour: text('0 to 23.').default('*'),
    daymonth: text('1 to 31.').default('*'),
    month: text('1 to 12.').default('*'),
    dayweek: text('0 to 7; 0 and 7 are Sunday.').default('*'),
    special: text('In place of times: `@daily`, `@reboot`.').optional(),
    identifier: text('By what the job is known, so that its command may change; else by its command.').optional(),
    comment: text('A comment above it.').default(''),
  })

type Want = ArgsOf<typeof wanted>

export const present = state({
  summary: 'The command is run by cron at these times.',
  args: wanted,
  reports: { '<command>': 'The line in the crontab before and after.' },
  example: `
    /usr/local/bin/backup:
      cron.present:
        - user: root
        - hour: 3
        - minute: 30
        - identifier: backup
  `,
  makes: () => [],
  async *plan(view, want) {
    const text = await readCrontab(view, want.user)
    const job = jobOf(want)
    const has = findJob(text, job.id, want.name)
    if (has !== undefined && has.line === job.line && has.id === job.id && has.comment === job.comment) {
      return yield* planOf([], `Cron ${want.name} already present`)
    }
    const putting = change(want.name, { old: has?.line ?? '', new: job.line }, [], async (host) => {
      // Read again: several states of a run write to it, one after the other.
      const now = await readCrontab(host, want.user)
      await writeCrontab(host, want.user, withJob(now, findJob(now, job.id, want.name), job))
    })
    return yield* planOf([putting], '')
  },
})

function jobOf({ name, minute, hour, daymonth, month, dayweek, special, identifier, comment }: Want): Job {
  const when = special ?? [minute, hour, daymonth, month, dayweek].join(' ')
  const isTime = special === undefined ? /^(?:[\w*,/-]+ ){4}[\w*,/-]+$/u : /^@[a-z]+$/u
  if (!isTime.test(when)) {
    throw new UserError('bad-time', `'${when}' is no time of cron.`, {
      hint: 'Each of the five is a number, `*`, `*/5`, `1,31` or `1-5`; or `special: @daily` in their place.',
    })
  }
  const broken = [name, comment, identifier ?? ''].find((each) => each.includes('\n'))
  if (broken !== undefined)
    throw new UserError('bad-value', `A line of a crontab can't hold '${broken}': it has an end in it.`)
  return { id: identifier ?? name, comment, line: `${when} ${name}` }
}
