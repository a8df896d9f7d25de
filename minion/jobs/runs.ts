import type { ChildProcess } from 'node:child_process'
import type { Log } from '../log.ts'
import { readEvents } from '../spool/journal.ts'
import type { Claim, Spool, SpooledJob } from '../spool/spool.ts'
import type { Endings, Why } from './endings.ts'
import { progressOf } from './interrupted.ts'
import { killJob, signalQuietly } from './kill.ts'
import type { FunctionOrder, StateOrder } from './order.ts'
import { isAlive, processStart } from './process.ts'
import { canScope, startJob } from './start.ts'
import { timedOut } from './stop.ts'

export interface RunsOptions {
  spool: Spool
  endings: Endings
  log: Log
  /** Called when a job's process is gone and the job has its end. */
  ended(jid: string): void
}

/** A job whose process runs: our child, or one that an agent before us started. */
interface Running {
  kind: SpooledJob['kind']
  runMs: number
  /** Our own child's number; unknown for others' until they are looked up by their claim. */
  pid: number | undefined
  /** Set when we end it. */
  stopping: Why | undefined
  timers: NodeJS.Timeout[]
}

/** How long a job's process may take to obey its deadline or a cancel before it is killed, in milliseconds. */
const OBEY_MS = 8000
/** How often we look whether a process that is not our child still runs, in milliseconds. */
const LOOK_MS = 300
/** How long until a job is concluded again after the disk failed, in milliseconds. */
const AGAIN_MS = 2000
/** The longest time that a timer can be set to, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1

/** The processes of jobs, from their start to their end, which they write themselves or, if they can't, we. */
export class Runs implements Disposable {
  readonly #options: RunsOptions
  readonly #running = new Map<string, Running>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  jids(kind?: SpooledJob['kind']): string[] {
    return [...this.#running].flatMap(([jid, running]) => (kind === undefined || running.kind === kind ? [jid] : []))
  }

  /** Starts a job's process. It claims the job itself, so it can be started twice and yet runs once. */
  start(order: StateOrder | FunctionOrder): void {
    const running = this.#watch(order.jid, order, order.runMs)
    this.#spawn(order, running, order.kind === 'state' && canScope())
  }

  /** Goes on watching a process that is not our child. */
  adopt(job: Pick<SpooledJob, 'jid' | 'kind' | 'runMs'>, claimed: Claim): void {
    const { jid, runMs } = job
    const running = this.#watch(jid, job, Math.max(0, Date.parse(claimed.at) + runMs - Date.now()))
    const look = setInterval(() => {
      if (isAlive(claimed)) return
      clearInterval(look)
      void this.#gone(jid, running)
    }, LOOK_MS)
    running.timers.push(look)
  }

  /** Tells a job's process to end, and kills it if it does not. `false` when there is none. */
  stop(jid: string, why: Why): boolean {
    const running = this.#running.get(jid)
    if (running === undefined) return false
    running.stopping ??= why
    const pid = this.#options.spool.claimOf(jid)?.pid ?? running.pid
    if (pid !== undefined) signalQuietly(pid, 'SIGTERM')
    this.#killAfter(jid, running, OBEY_MS)
    return true
  }

  /** Lets go of all of them: they run on, and the next agent finds them. */
  [Symbol.dispose](): void {
    for (const jid of this.jids()) this.#forget(jid)
  }

  #watch(jid: string, job: Pick<SpooledJob, 'kind' | 'runMs'>, leftMs: number): Running {
    const running: Running = { kind: job.kind, runMs: job.runMs, pid: undefined, stopping: undefined, timers: [] }
    this.#running.set(jid, running)
    this.#killAfter(jid, running, leftMs + OBEY_MS, timedOut(job.runMs))
    return running
  }

  #spawn(order: StateOrder | FunctionOrder, running: Running, scope: boolean): void {
    const child = this.#tryToStart(order, running, scope)
    if (child === undefined) return
    running.pid = child.pid
    whenGone(child, () => {
      const unbegun = this.#options.spool.claimOf(order.jid) === undefined
      const known = this.#running.get(order.jid) === running
      // systemd could not make a scope: nothing was begun, so it is begun without one.
      if (scope && unbegun && known && running.stopping === undefined) this.#spawn(order, running, false)
      else void this.#gone(order.jid, running)
    })
  }

  #tryToStart(order: StateOrder | FunctionOrder, running: Running, scope: boolean): ChildProcess | undefined {
    try {
      return startJob(order, { scope })
    } catch (error) {
      running.stopping ??= { outcome: 'failed', cause: `Its process can't be started: ${String(error)}.` }
      void this.#gone(order.jid, running)
      return undefined
    }
  }

  #killAfter(jid: string, running: Running, milliseconds: number, why?: Why): void {
    const kill = (): void => {
      running.stopping ??= why
      void this.#kill(jid, running)
    }
    running.timers.push(setTimeout(kill, Math.min(milliseconds, LONGEST_MS)))
  }

  async #kill(jid: string, running: Running): Promise<void> {
    const { spool, log } = this.#options
    const pid = running.pid ?? 0
    try {
      const leader = spool.claimOf(jid) ?? { pid, began: processStart(pid) ?? '' }
      await killJob(jid, leader, progressOf(readEvents(spool.eventsOf(jid))).since)
    } catch (error) {
      log.error("a job's process can't be ended; trying again", { jid, cause: String(error) })
      this.#killAfter(jid, running, AGAIN_MS)
    }
  }

  /** A job's process is gone. A disk that fails just then must not take the agent with it: it is tried again. */
  async #gone(jid: string, running: Running): Promise<void> {
    if (this.#running.get(jid) !== running) return
    try {
      await this.#conclude(jid, running)
    } catch (error) {
      this.#options.log.error("a job can't be concluded; trying again", { jid, cause: String(error) })
      running.timers.push(setTimeout(() => void this.#gone(jid, running), AGAIN_MS))
    }
  }

  /** Sees to it that the job has an end and that nothing in flight is left. */
  async #conclude(jid: string, running: Running): Promise<void> {
    const { spool, endings } = this.#options
    const claimed = spool.claimOf(jid)
    if (claimed === undefined && endings.unbegun(jid, running.stopping ?? this.#whyUnbegun(jid))) {
      this.#over(jid)
    } else if (claimed === undefined || isAlive(claimed)) {
      // Another process has begun it: one that an agent before us had started just before it died.
      const found = claimed ?? spool.claimOf(jid)
      this.#forget(jid)
      if (found !== undefined) this.adopt({ jid, ...running }, found)
    } else {
      if (!spool.held(jid).ended) {
        await killJob(jid, claimed, progressOf(readEvents(spool.eventsOf(jid))).since)
        endings.cutShort(jid, running.stopping ?? { outcome: 'interrupted', cause: 'Its process died on the way.' })
      }
      this.#over(jid)
    }
  }

  #over(jid: string): void {
    this.#forget(jid)
    this.#options.ended(jid)
  }

  #forget(jid: string): void {
    for (const timer of this.#running.get(jid)?.timers ?? []) clearTimeout(timer)
    this.#running.delete(jid)
  }

  #whyUnbegun(jid: string): Why {
    const said = this.#options.spool.errorsOf(jid)
    const cause = 'Its process ended before it began.'
    return { outcome: 'failed', cause: said === '' ? cause : `${cause} It said: ${said}` }
  }
}

function whenGone(child: ChildProcess, gone: () => void): void {
  // Either may come: `error` alone when it could not be started.
  let said = false
  const once = (): void => {
    if (!said) gone()
    said = true
  }
  child.once('exit', once)
  child.once('error', once)
}
