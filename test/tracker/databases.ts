import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import type { Tracker } from '../../tracker/api/tracker.ts'
import type { DatabaseConfig, PostgresConfig } from '../../tracker/config.ts'
import type { Database } from '../../tracker/store/database.ts'
import { openDatabase } from '../../tracker/store/open.ts'
import { temporaryFolder } from './folder.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

export interface DatabaseUnderTest {
  /** A new, empty database. */
  config: DatabaseConfig
  /** Opens it; every opening is closed at the test's end. */
  open(): Promise<Database>
  /** A tracker on it, with a folder of its own. */
  tracker(): Promise<Tracker>
}

/** Runs the test on SQLite and on PostgreSQL: the same queries must mean the same on both. */
export async function onBothDatabases(
  t: Test,
  name: string,
  test: (t: Test, database: DatabaseUnderTest) => Promise<void>,
): Promise<void> {
  await t.test(`SQLite: ${name}`, async (t) => {
    const file = join(temporaryFolder(t), 'tracker.db')
    await test(t, underTest(t, { kind: 'sqlite', file }))
  })
  await t.test(`PostgreSQL: ${name}`, async (t) => {
    const server = await serverOf(t)
    if (server === undefined) {
      t.comment(`NOT DONE: '${name}' on PostgreSQL, which is not installed here`)
      return
    }
    await test(t, underTest(t, await newDatabase(server)))
  })
}

const servers = new Map<string, Promise<PostgresServer | undefined>>()

/** One server for all tests of a file; nothing where PostgreSQL is not installed. */
export function serverOf(t: Test): Promise<PostgresServer | undefined> {
  const known = servers.get('server')
  if (known !== undefined) return known
  const started = startPostgres()
  servers.set('server', started)
  let root: { parent?: unknown } & Pick<Test, 'teardown'> = t
  while (isTest(root.parent)) root = root.parent
  root.teardown(async () => (await started)?.stop())
  return started
}

function isTest(value: unknown): value is Test {
  return typeof value === 'object' && value !== null && 'teardown' in value
}

export async function newDatabase(server: PostgresServer): Promise<PostgresConfig> {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  const { host, port, user } = server.config
  const client = new pg.Client({ host, port, user, database: 'postgres', password: server.password })
  await client.connect()
  await client.query(`create database ${database}`)
  await client.end()
  return { ...server.config, database }
}

function underTest(t: Test, config: DatabaseConfig): DatabaseUnderTest {
  const open = async (): Promise<Database> => {
    const database = await openDatabase(config)
    t.teardown(() => database.close())
    return database
  }
  return {
    config,
    open,
    async tracker() {
      const folder = temporaryFolder(t)
      return {
        database: await open(),
        words: [],
        config: {
          file: join(folder, 'tracker.yaml'),
          database: config,
          workflows: [],
          workdir: join(folder, 'runs'),
          kept: join(folder, 'kept'),
          engine: { kind: 'local' as const },
          concurrency: 2,
          leaseMs: 30_000,
        },
      }
    },
  }
}
