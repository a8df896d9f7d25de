import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { connectionOf, execute } from './connection.ts'
import { grantedTo, objectOf, privilegeArgs, wishedOf } from './granted.ts'
import { identifier } from './sql.ts'

export const privilegesAbsent = state({
  summary: 'The database user has not been granted these privileges on an object.',
  args: privilegeArgs,
  reports: { privileges: 'Those that it had of them before, and none after.' },
  example: `
    trainee:
      postgres_privileges.absent:
        - object_name: run_tracking
        - object_type: database
        - privileges: [CREATE]
  `,
  makes: () => [],
  async *plan(view, want) {
    const has = await grantedTo(view, want)
    const surplus = wishedOf(want).filter((each) => has.has(each))
    if (surplus.length === 0) return yield* planOf([], 'None of the privileges is there')
    const connection = connectionOf(want)
    const revoking = change(
      'privileges',
      { old: surplus, new: [] },
      [{ kind: 'database-user', name: want.name }],
      (host) =>
        execute(host, connection, [`REVOKE ${surplus.join(', ')} ON ${objectOf(want)} FROM ${identifier(want.name)}`]),
    )
    return yield* planOf([revoking], '')
  },
})
