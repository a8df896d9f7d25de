import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Secret } from '../../core/secret.ts'
import type { PostgresConfig } from '../../tracker/config.ts'

export interface PostgresServer {
  config: PostgresConfig
  password: string
  /** Stops it, does that, and starts it again. */
  outage(meanwhile: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** The user `nobody` of Debian and others: PostgreSQL refuses to run as root. */
const NOBODY = 65_534

/**
 * A real PostgreSQL server of its own on a random port; nothing where none is installed. In CI one must be: there a test
 * that does not run is a failure.
 */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const programs = globSync('/usr/lib/postgresql/*/bin/initdb')
    .sort()
    .at(-1)
    ?.replace(/initdb$/u, '')
  if (programs === undefined) {
    if (process.env['CI'] === 'true') throw new Error('PostgreSQL is not installed, and in CI its tests must run.')
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'butler-postgres-'))
  const asRoot = process.getuid?.() === 0
  if (asRoot) chownSync(folder, NOBODY, NOBODY)
  chmodSync(folder, 0o700)
  const identity = asRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const password = 'only-for-this-test'
  const passwordFile = join(tmpdir(), `${folder.split('/').at(-1)}.password`)
  writeFileSync(passwordFile, password, { mode: 0o644 })
  const data = join(folder, 'data')
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'butler', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '-N'],
    { ...identity, cwd: folder, encoding: 'utf8' },
  )
  rmSync(passwordFile)
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, 'fsync=off']
  const start = async (): Promise<() => Promise<void>> => {
    const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], {
      ...identity,
      cwd: folder,
      stdio: 'ignore',
    })
    const ended = once(server, 'exit')
    while (spawnSync(join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status !== 0) {
      if (server.exitCode !== null) throw new Error('The PostgreSQL server ended at once.')
      await wait(50)
    }
    return async () => {
      server.kill('SIGINT')
      await ended
    }
  }
  let end = await start()
  return {
    password,
    config: {
      kind: 'postgresql',
      host: '127.0.0.1',
      port,
      user: 'butler',
      database: 'postgres',
      password: new Secret(password),
    },
    async outage(meanwhile) {
      await end()
      try {
        await meanwhile()
      } finally {
        end = await start()
      }
    },
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('There is no free port.')
}
