import { args, type ArgsOf, flag, integer, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { ask, connecting, connectionOf, identifier, tell, textIn } from './server.ts'

const wanted = () =>
  args({
    name: text("The policy's name."),
    database: text('Its database.'),
    duration: text('How long points are kept: `30d`, `12h`, `INF` for ever.').default('INF'),
    replication: integer('On how many servers each point is.').default(1),
    default: flag('What is written without naming a policy falls under this one.').default(false),
    ...connecting,
  })

type Want = ArgsOf<typeof wanted>

export const retentionPolicyPresent = state({
  summary: 'The retention policy exists in a database of InfluxDB, with this duration.',
  args: wanted,
  reports: { policy: 'Duration, replication and whether it is the default, before and after.' },
  example: `
    a-month:
      influxdb_retention_policy.present:
        - database: metrics
        - duration: 30d
        - default: true
  `,
  makes: ({ name, database }) => [{ kind: 'database', name: `${database}/${name}` }],
  async *plan(view, want) {
    const { name, database } = want
    const connection = connectionOf(want)
    const series = await ask(view, connection, `SHOW RETENTION POLICIES ON ${identifier(database)}`).catch(
      (error: unknown) => {
        view.missing({ kind: 'database', name: database })
        throw error
      },
    )
    const row = series.flatMap(({ rows }) => rows).find((each) => textIn(each, 'name') === name)
    const has =
      row === undefined
        ? undefined
        : {
            seconds: secondsOf(textIn(row, 'duration')),
            replication: row['replicaN'],
            default: row['default'] === true,
          }
    if (has !== undefined && fits(has, want)) return `Retention policy ${name} is as it should be`
    const old = has === undefined ? '' : shown(has.seconds, has.replication, has.default)
    const shows = { old, new: shown(secondsOf(want.duration), want.replication, want.default) }
    yield change('policy', shows, [{ kind: 'database', name: `${database}/${name}` }], (host) =>
      tell(host, connection, statementOf(want, has === undefined)),
    )
    return ''
  },
})

interface Has {
  seconds: number
  replication: unknown
  default: boolean
}

/** A policy that is the default stays it until another one is made so. */
function fits(has: Has, want: Want): boolean {
  return (
    has.seconds === secondsOf(want.duration) && has.replication === want.replication && (has.default || !want.default)
  )
}

function statementOf({ name, database, duration, replication, default: isDefault }: Want, isNew: boolean): string {
  const verb = isNew ? 'CREATE' : 'ALTER'
  const end = isDefault ? ' DEFAULT' : ''
  return `${verb} RETENTION POLICY ${identifier(name)} ON ${identifier(database)} DURATION ${duration} REPLICATION ${replication}${end}`
}

const UNITS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }

/** `30d`, or `720h0m0s` as the server shows it; for ever is 0, as there. */
function secondsOf(duration: string): number {
  const parts = duration.toLowerCase().matchAll(/(\d+)([wdhms])/gu)
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0)
}

function shown(seconds: number, replication: unknown, isDefault: boolean): string {
  const kept = seconds === 0 ? 'for ever' : `${seconds / 3600} h`
  return `${kept}, ${String(replication)} times${isDefault ? ', the default' : ''}`
}
