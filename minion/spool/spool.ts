import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent } from '../../core/run/event.ts'
import type { HeldJob } from '../../core/protocol/messages.ts'
import { isJid } from '../../core/run/jid.ts'
import { Journal, readEvents } from './journal.ts'
import { createOnce, syncFolder, writeSynced, writeWhole } from './durable.ts'

/** What is written down of a job: enough to say how it ended, and neither its work nor its secrets. */
export interface SpooledJob {
  jid: string
  kind: 'state' | 'function'
  /** In words, such as `cmd.run` or `state run (12 chunks)`. */
  title: string
  /** In milliseconds, counted from its start. */
  runMs: number
}

/** Which process has begun a job. A process number is used again some day; together with its start it is not. */
export interface Claim {
  pid: number
  /** `processStart` of the process. */
  began: string
  /** ISO 8601. */
  at: string
}

/** How many jids of finished jobs are remembered, so that none of them is ever begun again. */
const REMEMBERED = 10_000

/** The space that is held back for a job's end, in bytes, for the day on which the disk is full. */
const RESERVE = 16 * 1024

/**
 * The minion's jobs on disk: a folder each, from the receipt until the master has every event. Its files are
 * `job.json`, `events.jsonl`, `claim.json` once a process has begun it, `reserve`, and `errors`, which that process
 * wrote to stderr.
 */
export class Spool {
  readonly #folder: string
  readonly #done: Set<string>

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#done = new Set(readDone(this.#doneFile).slice(-REMEMBERED))
    this.#tidy()
  }

  folderOf(jid: string): string {
    if (!isJid(jid)) throw new Error(`'${jid}' is no jid`)
    return join(this.#folder, jid)
  }

  eventsOf(jid: string): string {
    return join(this.folderOf(jid), 'events.jsonl')
  }

  /** The jobs that the master has not confirmed to the end, oldest first. */
  list(): SpooledJob[] {
    return readdirSync(this.#folder)
      .filter((name) => isJid(name) && !this.#done.has(name))
      .sort()
      .flatMap((jid) => this.#read(jid) ?? [])
  }

  /** What the master is told of a job when the connection is new. */
  held(jid: string): HeldJob {
    const last = readEvents(this.eventsOf(jid)).at(-1)
    return { jid, lastSeq: last?.seq ?? 0, ended: last?.event.type === 'ended' }
  }

  has(jid: string): boolean {
    return !this.#done.has(jid) && existsSync(this.folderOf(jid))
  }

  /** Whether its events can be read: also for a while after the master has them all. */
  isHere(jid: string): boolean {
    return existsSync(this.eventsOf(jid))
  }

  /** Whether the job was done here, to its confirmed end. */
  isDone(jid: string): boolean {
    return this.#done.has(jid)
  }

  /** Writes a job down, with `received` as its first event. All of it is on disk when this returns, or nothing is. */
  receive(job: SpooledJob): void {
    const folder = `${this.folderOf(job.jid)}.new`
    rmSync(folder, { recursive: true, force: true })
    try {
      mkdirSync(folder, { mode: 0o700 })
      writeSynced(join(folder, 'job.json'), JSON.stringify(job), 0o600, 'wx')
      writeSynced(join(folder, 'reserve'), '\0'.repeat(RESERVE), 0o600, 'wx')
      using journal = new Journal(join(folder, 'events.jsonl'))
      journal.append({ type: 'received' })
      journal.sync()
      syncFolder(folder)
      renameSync(folder, this.folderOf(job.jid))
      syncFolder(this.#folder)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Adds an event. Only for the agent while no process has claimed the job, or after that process has died. */
  note(jid: string, event: RunEvent): void {
    using journal = new Journal(this.eventsOf(jid))
    if (!journal.ended) journal.append(event)
  }

  /** Ends a job that its own process did not end. Frees the held back space first: the disk may be full. */
  end(jid: string, event: RunEvent & { type: 'ended' }): void {
    releaseReserve(this.folderOf(jid))
    this.note(jid, event)
  }

  claimOf(jid: string): Claim | undefined {
    return readClaim(this.folderOf(jid))
  }

  /** What the job's process wrote to stderr, its last lines. */
  errorsOf(jid: string): string {
    return readText(join(this.folderOf(jid), 'errors'))
      .trim()
      .slice(-2000)
  }

  /** The master has every event: the job is remembered as done and its folder can go. */
  confirm(jid: string): void {
    this.#done.add(jid)
    writeSynced(this.#doneFile, `${jid}\n`, 0o600, 'a')
  }

  /** Removes what is left of a confirmed job. What can't be removed now is tidied up at the next start. */
  remove(jid: string): void {
    try {
      if (this.#done.has(jid)) rmSync(this.folderOf(jid), { recursive: true, force: true })
    } catch {
      // It is remembered as done, which is what counts.
    }
  }

  get #doneFile(): string {
    return join(this.#folder, 'done')
  }

  #read(jid: string): SpooledJob | undefined {
    try {
      return JSON.parse(readText(join(this.folderOf(jid), 'job.json'))) as SpooledJob
    } catch {
      return undefined
    }
  }

  /** What a crash left: folders that were never received, folders of jobs that are done, a list that grew long. */
  #tidy(): void {
    for (const name of readdirSync(this.#folder)) {
      const leftover = name.endsWith('.new') || this.#done.has(name)
      if (leftover) rmSync(join(this.#folder, name), { recursive: true, force: true })
    }
    if (existsSync(this.#doneFile)) writeWhole(this.#doneFile, [...this.#done].map((jid) => `${jid}\n`).join(''))
  }
}

/** Makes this process the one that runs the job; `false` when another one has begun it, or its end was written. */
export function claim(folder: string, own: Claim): boolean {
  return createOnce(join(folder, 'claim.json'), JSON.stringify(own))
}

export function readClaim(folder: string): Claim | undefined {
  const text = readText(join(folder, 'claim.json'))
  return text === '' ? undefined : (JSON.parse(text) as Claim)
}

export function releaseReserve(folder: string): void {
  rmSync(join(folder, 'reserve'), { force: true })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function readDone(file: string): string[] {
  return readText(file).split('\n').filter(isJid)
}
