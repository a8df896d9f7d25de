import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { connectionOf, execute } from './connection.ts'
import { grantedTo, objectOf, privilegeArgs, wishedOf } from './granted.ts'
import { identifier } from './sql.ts'

export const privilegesPresent = state({
  summary: 'The database user has these privileges on an object of the database that `maintenance_db` names.',
  args: privilegeArgs,
  reports: { privileges: 'Those that it had of them before and has after.' },
  example: `
    grafana:
      postgres_privileges.present:
        - object_name: ALL
        - object_type: table
        - privileges: [SELECT]
        - maintenance_db: run_tracking
  `,
  makes: () => [],
  async *plan(view, want) {
    const wished = wishedOf(want)
    const has = await grantedTo(view, want)
    const isThere = (each: string): boolean => has.has(each) && (!want.grant_option || has.get(each) === true)
    if (wished.every(isThere)) return yield* planOf([], `The privileges ${wished.join(', ')} are there`)
    const connection = connectionOf(want)
    const end = want.grant_option ? ' WITH GRANT OPTION' : ''
    const shows = { old: wished.filter(isThere), new: wished }
    const granting = change('privileges', shows, [{ kind: 'database-user', name: want.name }], (host) =>
      execute(host, connection, [`GRANT ${wished.join(', ')} ON ${objectOf(want)} TO ${identifier(want.name)}${end}`]),
    )
    return yield* planOf([granting], '')
  },
})
