import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { stackOf } from '../core/errors.ts'
import type { Layout } from '../core/cli/layout.ts'
import { releaseOf } from '../core/release/release.ts'
import { catalog } from '../modules/catalog.ts'
import type { Caller, Operations } from './api/contract.ts'
import { joiningHandlers } from './api/handlers/joining.ts'
import { jobHandlers, jobStreams } from './api/handlers/jobs.ts'
import { Port } from './api/port.ts'
import { ApiServer } from './api/server.ts'
import { socketPath } from '../core/cli/socket.ts'
import { readConfig, type MasterConfig } from './config.ts'
import { answerMinions } from './desired/asked.ts'
import { planHandlers } from './plans/handlers.ts'
import { SavedPlans } from './plans/plans.ts'
import { desiredHandlers } from './desired/handlers.ts'
import { findDirection, type Direction } from './direction.ts'
import { Files } from './files/files.ts'
import { layFoundation, type Foundation } from './foundation.ts'
import { InstallFolder } from './install/install.ts'
import { JobBook } from './jobs/book.ts'
import { createLog, type Log } from './log.ts'
import { Refresh } from './mine/refresh.ts'
import { orchestrationProblems } from './orchestrate/check.ts'
import { Orchestrator } from './orchestrate/orchestrate.ts'

export interface MasterOptions {
  layout: Layout
  config: MasterConfig
  log: Log
  /** The time of day in ms. */
  now?: () => number
}

export interface RunningMaster {
  port: number
  /** Of the operator's socket. */
  socket: string
  /** Says goodbye to everybody and puts everything on the disk. Open jobs stay open: the next master goes on with them. */
  close(): Promise<void>
}

/** How often the server's certificate is looked at, in milliseconds. */
const LOOK_MS = 86_400_000

/** Starts a master. When it resolves, minions and operators can reach it. Throws `UserError`s for what a person can mend. */
export async function startMaster(options: MasterOptions): Promise<RunningMaster> {
  const { layout, config, log, now = Date.now } = options
  // Before anything is touched: a root that can't work.
  const socket = socketPath(layout, 'master')
  await using opened = new AsyncDisposableStack()
  const foundation = opened.use(await layFoundation({ layout, log, now }))
  const direction = await findDirection({
    layout,
    config,
    foundation,
    catalog,
    log,
    now,
    orchestrations: orchestrationProblems,
  })
  const jobs = opened.adopt(openJobs({ config, log, now }, foundation, direction), (book) => book.close())
  await jobs.resume()
  opened.defer(() => direction.sources.stop())
  await direction.sources.start()
  const refresh = opened.adopt(openRefresh(log, foundation, direction), (refresh) => refresh.close())
  answerMinions(foundation.connections, { ...direction, ...common(config, direction), jobs, catalog })
  const install = new InstallFolder(installFolder(config, layout))
  const port = opened.adopt(await openPort({ layout, config, log }, foundation, { direction, jobs, install }), (open) =>
    open.close(),
  )
  opened.adopt(keepCertified(port, foundation, config), clearInterval)
  const running = {
    ...direction,
    ...common(config, direction),
    jobs,
    catalog,
    ids: () => foundation.keys.ids().filter((id) => foundation.minions.get(id) !== undefined),
    mineUpdate: (ids: readonly string[]) => refresh.refreshAll(ids),
    bug: (error: unknown) => log.error('an orchestration met a bug', { error: stackOf(error) }),
  }
  const orchestrator = opened.adopt(new Orchestrator(running), (each) => each.close())
  const desired = desiredHandlers(running)
  const handlers = {
    ...joiningHandlers({
      ...foundation,
      fleet: foundation.connections,
      install,
      host: hostOf(config),
      port: () => port.port,
      mappedRoles: (id) => mappedRoles(direction, id),
    }),
    ...jobHandlers(jobs),
    ...desired,
    ...planHandlers(new SavedPlans({ ...running, store: foundation.store, now }), desired.apply),
    orchestrate: (input: Operations['orchestrate']['input'], caller: Caller) => orchestrator.start(input, caller),
  }
  opened.adopt(await ApiServer.open({ path: socket, handlers, streams: jobStreams(jobs), log }), (api) => api.close())
  writePort(layout, port.port)
  log.info('started', { port: port.port, socket, ca: foundation.authority.fingerprint })
  const kept = opened.move()
  return { port: port.port, socket, close: () => kept.disposeAsync() }
}

/** Runs the master until SIGTERM or SIGINT: what the system's unit does. */
export async function start(options: { layout: Layout; logJson: boolean }): Promise<void> {
  const stop = Promise.withResolvers<void>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.resolve())
  const log = createLog({ json: options.logJson })
  const master = await startMaster({ layout: options.layout, config: readConfig(options.layout), log })
  await stop.promise
  await master.close()
  log.info('stopped')
}

type Means = Required<Pick<MasterOptions, 'config' | 'log' | 'now'>>

/** What everybody who compiles and submits takes. */
function common({ deadlines }: MasterConfig, { sources }: Direction) {
  return {
    current: () => sources.current(),
    deadlines: { deliveryMs: deadlines.delivery, runMs: deadlines.run },
  }
}

function openJobs(
  { config, log, now }: Means,
  { store, writer, connections, minions }: Foundation,
  { vault }: Direction,
): JobBook {
  return new JobBook({
    store,
    writer,
    fleet: connections,
    log,
    now,
    // Who may have which secret was decided when its work was compiled.
    secretsFor: (_id, names) => vault.values(names),
    lastSeen: (id) => {
      const seen = minions.get(id)?.seen
      return seen === undefined ? 'never seen' : `last seen at ${new Date(seen).toISOString()}`
    },
    graceMs: config.deadlines.grace,
    keep: { jobs: config.retention.jobs, ageMs: config.retention.age },
  })
}

function openRefresh(log: Log, { connections, minions }: Foundation, direction: Direction): Refresh {
  return new Refresh({
    ...direction,
    fleet: connections,
    catalog,
    current: () => direction.sources.current(),
    hasGrains: (id, grains) => minions.hasGrains(id, grains),
    warn: (text, fields) => log.warn(text, fields),
  })
}

async function openPort(
  { layout, config, log }: Pick<MasterOptions, 'layout' | 'config' | 'log'>,
  foundation: Foundation,
  { direction, jobs, install }: { direction: Direction; jobs: JobBook; install: InstallFolder },
): Promise<Port> {
  return Port.open({
    ...foundation,
    listen: config.listen,
    ports: config.port === 0 ? [...portBefore(layout), 0] : [config.port],
    credentials: foundation.authority.serverCredentials(config.names),
    files: new Files({
      mayFetch: (id, digest) => jobs.mayFetch(id, digest),
      blob: (digest) => direction.sources.blob(digest),
    }),
    mayCertify: (id, names) => jobs.mayCertify(id, names),
    install,
    log,
  })
}

/** A master runs for longer than its certificate lives. */
function keepCertified(port: Port, { authority }: Foundation, { names }: MasterConfig): NodeJS.Timeout {
  return setInterval(() => port.renew(authority.serverCredentials(names)), LOOK_MS)
}

/** None while there has never been a good snapshot: the mapping is in it. */
function mappedRoles({ sources, desired }: Direction, id: string): readonly string[] {
  try {
    return desired.roles(sources.current(), id)
  } catch {
    return []
  }
}

/** How minions reach this master, as far as it can know. */
function hostOf({ names: [first], listen }: MasterConfig): string {
  if (first !== undefined) return first
  const isAny = listen === undefined || listen === '0.0.0.0' || listen === '::'
  return isAny ? hostname() : listen
}

function installFolder(config: MasterConfig, layout: Layout): string {
  const release = releaseOf(process.argv[1])
  return config.install ?? (release === undefined ? join(layout.data, 'install') : join(release.home, 'install'))
}

/** For programs of this machine: which port it is when the configuration left it open. */
function portFile(layout: Layout): string {
  return join(layout.run, 'master.port')
}

function writePort(layout: Layout, port: number): void {
  mkdirSync(layout.run, { recursive: true })
  writeFileSync(portFile(layout), `${port}\n`)
}

/** The free port that was taken the last time: minions look for their master there. */
function portBefore(layout: Layout): number[] {
  try {
    const port = Number(readFileSync(portFile(layout), 'utf8'))
    return Number.isInteger(port) && port > 0 && port < 65_536 ? [port] : []
  } catch {
    return []
  }
}
