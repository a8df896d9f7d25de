import { UserError } from '../../core/errors.ts'

const US = /^(?<month>\d{1,2})[-/](?<day>\d{1,2})[-/](?<year>\d{4})$/u
const ISO = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/u

/** The day on which an analysis starts: `MM-DD-YYYY` or ISO in, ISO (`2017-01-31`) out. */
export function parseDay(text: string): string {
  const found = (US.exec(text) ?? ISO.exec(text))?.groups
  if (found === undefined) {
    throw new UserError('bad-date', `'${text}' is no date.`, {
      hint: 'Write it as 01-31-2017 (month first) or 2017-01-31.',
    })
  }
  const [year, month, day] = [Number(found['year']), Number(found['month']), Number(found['day'])]
  if (month < 1 || month > 12) {
    throw new UserError('bad-date', `'${text}' is no date: there is no month ${month}.`, {
      hint: 'The month comes first: 01-31-2017. ISO dates such as 2017-01-31 work too.',
    })
  }
  // Day 0 of the next month is the last one of this month.
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (day < 1 || day > days) {
    throw new UserError('bad-date', `'${text}' is no date: month ${month} of ${year} has days 1 to ${days}.`)
  }
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}
