import { UserError } from '../../core/errors.ts'
import { args, flag, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { calledConnection, connecting } from './calling.ts'
import { csv } from './connection.ts'
import { parseCsv } from './csv.ts'

export const psqlQuery = fn({
  summary: 'Answers the rows of a query, each a map of texts by column. It only reads, unless `write` is said.',
  args: () =>
    args({
      query: text('The query, in SQL.'),
      ...connecting,
      write: flag('Whether it may change data.').default(false),
    }),
  example: "postgres.psql_query 'SELECT count(*) FROM analysis_run' maintenance_db=run_tracking",
  changes: true,
  async run(host, want) {
    const { exitCode, stdout, stderr } = await csv(host, calledConnection(want), want.query, !want.write)
    if (exitCode !== 0) throw new UserError('sql-failed', stderr.trim())
    return parseCsv(stdout)
  },
})
