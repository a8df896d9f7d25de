import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { layoutOf, type Layout } from '../../core/cli/layout.ts'
import type { WireOptions } from '../../core/protocol/wire.ts'
import { Port } from '../../master/api/port.ts'
import { Files } from '../../master/files/files.ts'
import { layFoundation, type Foundation } from '../../master/foundation.ts'
import { InstallFolder } from '../../master/install/install.ts'
import { JobBook } from '../../master/jobs/book.ts'
import type { Log } from '../../master/log.ts'

export interface Running extends Foundation {
  layout: Layout
  jobs: JobBook
  port: number
  logged: string[]
  /** Ends it as `butler-master` does. */
  stop(): Promise<void>
}

export interface RunningOptions {
  layout?: Layout
  graceMs?: number
  secrets?: Record<string, string>
  /** The sources' files by digest. */
  blobs?: ReadonlyMap<string, Uint8Array>
  wire?: WireOptions
  now?: () => number
}

/** A folder of its own for a test, removed at its end. */
export function temporaryLayout(t: Test): Layout {
  const root = mkdtempSync(join(tmpdir(), 'butler-master-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  return layoutOf({ root })
}

/** Who may join and what happened, over real TLS on a free port; nothing that needs sources. */
export async function startRunning(t: Test, options: RunningOptions = {}): Promise<Running> {
  const { now = Date.now, secrets = {} } = options
  const layout = options.layout ?? temporaryLayout(t)
  const logged: string[] = []
  const write = (text: string): void => void logged.push(text)
  const log: Log = { info: write, warn: write, error: (text, fields) => write(`${text} ${JSON.stringify(fields)}`) }
  const foundation = await layFoundation({
    layout,
    log,
    now,
    ...(options.wire === undefined ? {} : { wire: options.wire }),
  })
  const jobs = new JobBook({
    store: foundation.store,
    writer: foundation.writer,
    fleet: foundation.connections,
    log,
    now,
    secretsFor: async (_id, names) => Object.fromEntries(names.map((name) => [name, secrets[name] ?? ''])),
    lastSeen: (id) => (foundation.minions.get(id) === undefined ? 'never seen' : 'last seen at some time'),
    graceMs: options.graceMs ?? 60_000,
    keep: { jobs: 1000, ageMs: 86_400_000 },
  })
  await jobs.resume()
  const port = await Port.open({
    ...foundation,
    listen: '127.0.0.1',
    ports: [0],
    credentials: foundation.authority.serverCredentials([]),
    files: new Files({
      mayFetch: (id, digest) => jobs.mayFetch(id, digest),
      blob: async (digest) => options.blobs?.get(digest),
    }),
    mayCertify: (id, names) => jobs.mayCertify(id, names),
    install: new InstallFolder(join(layout.data, 'install')),
    log,
  })
  const stopping = { done: undefined as Promise<void> | undefined }
  const end = async (): Promise<void> => {
    await port.close()
    await jobs.close()
    await foundation[Symbol.asyncDispose]()
  }
  const stop = (): Promise<void> => (stopping.done ??= end())
  t.teardown(stop)
  return { ...foundation, layout, jobs, port: port.port, logged, stop }
}
