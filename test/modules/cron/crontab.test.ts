import t from 'tap'
import { findJob, withJob } from '../../../modules/cron/crontab.ts'

const TABLE = [
  'MAILTO=operator',
  '# nightly SALT_CRON_IDENTIFIER:backup',
  '1 1 * * * /old/backup',
  '# a remark of its owner',
  '5 5 * * * /own/job --all',
  '@daily /own/sweep',
  '',
].join('\n')

const BACKUP = { id: 'backup', comment: '', line: '30 3 * * * /new/backup' }

t.test("a job is found by its mark, ours or Salt's, or by its command", async (t) => {
  t.strictSame(findJob(TABLE, 'backup', 'x'), { id: 'backup', comment: 'nightly', line: '1 1 * * * /old/backup' })
  t.match(findJob(TABLE, 'x', '/own/job --all'), { id: '', line: '5 5 * * * /own/job --all' })
  t.match(findJob(TABLE, 'x', '/own/sweep'), { line: '@daily /own/sweep' })
  t.equal(findJob(TABLE, 'x', '/own/job'), undefined, 'not by a part of its command')
  t.equal(findJob(TABLE, 'x', '/old/backup'), undefined, 'not by the command of a job that has another name')
})

t.test('a job takes its own place, and nothing else changes', async (t) => {
  const changed = withJob(TABLE, findJob(TABLE, 'backup', 'x'), BACKUP)
  t.equal(
    changed,
    TABLE.replace('# nightly SALT_CRON_IDENTIFIER:backup', '# BUTLER_CRON_IDENTIFIER:backup').replace(
      '1 1 * * * /old/backup',
      '30 3 * * * /new/backup',
    ),
  )
  t.equal(withJob(changed, findJob(changed, 'backup', 'x'), BACKUP), changed, 'and again nothing')
})

t.test('a new job comes last; one that is taken away takes its mark along', async (t) => {
  t.equal(withJob('', undefined, BACKUP), '# BUTLER_CRON_IDENTIFIER:backup\n30 3 * * * /new/backup\n')
  t.equal(
    withJob(TABLE, findJob(TABLE, 'backup', 'x'), undefined),
    TABLE.replace('# nightly SALT_CRON_IDENTIFIER:backup\n1 1 * * * /old/backup\n', ''),
  )
  const alone = withJob('', undefined, BACKUP)
  t.equal(withJob(alone, findJob(alone, 'backup', 'x'), undefined), '')
})
