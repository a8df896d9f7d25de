import { UserError } from '../../core/errors.ts'
import { requireUser } from '../../core/module/accounts.ts'
import type { Host } from '../../core/module/host.ts'
import type { View } from '../../core/module/view.ts'

/** The line above a job of ours. Salt's is read too, so that its jobs are taken over and not doubled. */
const MARK = /^# (?:(?<comment>.*?) )?(?:BUTLER|SALT)_CRON_IDENTIFIER:(?<id>.*)$/u

/** A job of a crontab that has a name. */
export interface Job {
  id: string
  comment: string
  /** The line itself: when, and what. */
  line: string
}

export async function readCrontab(view: View, user: string): Promise<string> {
  await requireUser(view, user)
  const { exitCode, stdout, stderr } = await view.query(['crontab', '-u', user, '-l'], { env: { LC_ALL: 'C' } })
  if (exitCode === 127) {
    view.missing({ kind: 'package', name: 'cron' })
    throw new UserError('no-cron', 'This machine has no crontab.', { hint: 'Install cron with pkg.installed.' })
  }
  if (exitCode === 0) return stdout
  if (/no crontab for/u.test(stderr)) return ''
  throw new UserError('crontab-failed', `The crontab of ${user} can't be read: ${stderr.trim()}`)
}

export async function writeCrontab(host: Host, user: string, text: string): Promise<void> {
  await host.run(['crontab', '-u', user, '-'], { input: text, check: true })
}

/** The job of that name; one without a mark is found by its command. */
export function findJob(text: string, id: string, command: string): Job | undefined {
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const { comment = '', id: found } = MARK.exec(line)?.groups ?? {}
    if (found === id) return { id, comment, line: lines[index + 1] ?? '' }
  }
  const bare = lines.find((line, index) => commandOf(line) === command && !MARK.test(lines[index - 1] ?? ''))
  return bare === undefined ? undefined : { id: '', comment: '', line: bare }
}

/** The crontab with the job in its place; without it, when there is none to put there. */
export function withJob(text: string, old: Job | undefined, job: Job | undefined): string {
  const written = job === undefined ? [] : [markOf(job), job.line]
  const lines = text === '' ? [] : text.replace(/\n$/u, '').split('\n')
  if (old === undefined) return joined([...lines, ...written])
  const at = lines.findIndex((line, index) =>
    old.id === ''
      ? line === old.line && !MARK.test(lines[index - 1] ?? '')
      : MARK.exec(line)?.groups?.['id'] === old.id,
  )
  lines.splice(at, old.id === '' ? 1 : 2, ...written)
  return joined(lines)
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function markOf({ id, comment }: Job): string {
  return `# ${comment === '' ? '' : `${comment} `}BUTLER_CRON_IDENTIFIER:${id}`
}

/** What a line runs: all after its five times, or after `@daily` and the like. */
function commandOf(line: string): string | undefined {
  return /^(?:@\w+|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(?<command>[^\s#].*)$/u.exec(line)?.groups?.['command']
}
