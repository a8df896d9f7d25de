import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, integer, oneOf, seconds, text } from '../../core/module/args.ts'
import { change, ChangeFailed } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { until } from '../../core/module/until.ts'
import type { View } from '../../core/module/view.ts'
import { asking, request } from './request.ts'

const wanted = () =>
  args({
    name: text('The address.'),
    status: integer(
      'The status that it must answer with; any below 400 when nothing is said of it and of `match`.',
    ).optional(),
    match: text('What the answer must hold.').optional(),
    match_type: oneOf(['string', 'pcre'], 'How `match` is meant: as it stands, or as a regular expression.').default(
      'string',
    ),
    wait_for: seconds('How long to wait in all, in seconds.').default(300),
    request_interval: seconds('How long to wait between two questions, in seconds.').default(1),
    ...asking,
  })

type Want = ArgsOf<typeof wanted>

export const waitForSuccessfulQuery = state({
  summary: 'Waits until a web server answers as it should. It changes nothing.',
  args: wanted,
  reports: { query: 'What it says now, in a plan.' },
  example: `
    http://127.0.0.1:8889/airflow/api/v2/version:
      http.wait_for_successful_query:
        - status: 200
        - match: '"version"'
        - wait_for: 120
  `,
  makes: () => [],
  async *plan(view, want) {
    const wrong = await wrongWith(view, want)
    if (wrong === undefined) return `${want.name} answers as it should`
    yield change('query', wrong, [], async (host) => {
      let last: string | undefined = wrong
      const isRight = async (): Promise<boolean> => {
        last = await wrongWith(host, want)
        return last === undefined
      }
      if (!(await until(host, isRight, { within: want.wait_for, every: want.request_interval }))) {
        throw new ChangeFailed(`${last ?? wrong} For ${want.wait_for} s it was waited for in vain.`)
      }
      return { unchanged: true, comment: `${want.name} answers as it should` }
    })
    return ''
  },
})

/** What is wrong with the answer; nothing when it is as it should be. */
async function wrongWith(
  view: View,
  { name, status, match, match_type: type, ...want }: Want,
): Promise<string | undefined> {
  const pattern = match === undefined ? undefined : type === 'pcre' ? regular(match) : match
  try {
    const answer = await request(view, name, want)
    if (status === undefined ? pattern === undefined && answer.status >= 400 : answer.status !== status) {
      return `${name} answers with status ${answer.status}.`
    }
    const fits =
      pattern === undefined || (typeof pattern === 'string' ? answer.body.includes(pattern) : pattern.test(answer.body))
    return fits ? undefined : `The answer of ${name} has no '${match}' in it.`
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-answer') return error.message
    throw error
  }
}

function regular(match: string): RegExp {
  try {
    return new RegExp(match, 'mu')
  } catch (cause) {
    throw new UserError('bad-pattern', `'${match}' is no regular expression.`, { cause })
  }
}
