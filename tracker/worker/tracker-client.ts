import { once } from 'node:events'
import { Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import type { RunEvent } from '../model/event.ts'
import { job, type Job, type Verdict, verdict, type WorkflowFile, workflowFiles } from '../serve/contract.ts'
import type { WorkerConfig } from './config.ts'

/** How long one answer may take, and how long to wait before the question is asked again, in milliseconds. */
const PATIENCE = 15_000
const PAUSE = 500

/** How long a tracker that is being started may be away at a task's beginning, in milliseconds. */
const AT_FIRST = 60_000

const refusal = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })) })

/** Which attempt of a run this machine does a task of, and the token that says that it may. */
export interface RunTicket {
  id: number
  attempt: number
  token: string
}

/** The tracker, as a machine that does its tasks reaches it. */
export class TrackerClient {
  readonly #config: WorkerConfig
  readonly #ticket: RunTicket
  readonly #agent: Agent

  constructor(config: WorkerConfig, ticket: RunTicket) {
    this.#config = config
    this.#ticket = ticket
    const { ca, key, certificate } = config
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca, key, cert: certificate, minVersion: 'TLSv1.3' })
  }

  job(): Promise<Job> {
    return this.#json(job, 'GET', this.#run())
  }

  async filesOf(digest: string): Promise<WorkflowFile[]> {
    return (await this.#json(workflowFiles, 'GET', `/v1/workflows/${digest}`)).files
  }

  file(digest: string, path: string): Promise<Buffer> {
    const parts = path.split('/').map(encodeURIComponent)
    return this.#patiently('GET', `/v1/workflows/${digest}/files/${parts.join('/')}`)
  }

  /** Reports once, and does not try again. */
  async report(task: string, attempt: number, from: number, events: readonly RunEvent[]): Promise<Verdict> {
    const path = `${this.#run()}/tasks/${encodeURIComponent(task)}/attempts/${attempt}`
    return this.#checked(verdict, path, await this.#ask('POST', path, { from, events }))
  }

  close(): void {
    this.#agent.destroy()
  }

  #run(): string {
    return `/v1/runs/${this.#ticket.id}/attempts/${this.#ticket.attempt}`
  }

  async #json<Shape>(schema: z.ZodType<Shape>, method: string, path: string): Promise<Shape> {
    return this.#checked(schema, path, await this.#patiently(method, path))
  }

  #checked<Shape>(schema: z.ZodType<Shape>, path: string, body: Buffer): Shape {
    const checked = schema.safeParse(parsed(body))
    if (checked.success) return checked.data
    throw new UserError('tracker-strange', `The tracker at ${this.#config.tracker} answers ${path} in another shape.`, {
      hint: "Do both machines run the same Butler? 'butler --version'",
    })
  }

  async #patiently(method: string, path: string): Promise<Buffer> {
    const end = performance.now() + AT_FIRST
    for (;;) {
      try {
        return await this.#ask(method, path)
      } catch (error) {
        if (!isAway(error) || performance.now() > end) throw error
        await wait(PAUSE)
      }
    }
  }

  async #ask(method: string, path: string, body?: object): Promise<Buffer> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    let answer: { status: number; body: Buffer }
    try {
      answer = await this.#send(method, path, text)
    } catch (error) {
      throw new UserError('tracker-away', `The tracker does not answer at ${this.#config.tracker}: ${String(error)}.`, {
        hint: "Is it up? On the tracker's machine: 'systemctl status butler-tracker'",
        cause: error,
      })
    }
    if (answer.status === 200) return answer.body
    throw refused(this.#config.tracker, path, answer)
  }

  async #send(method: string, path: string, text: string | undefined): Promise<{ status: number; body: Buffer }> {
    const sent = request(`${this.#config.tracker}${path}`, {
      method,
      agent: this.#agent,
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        authorization: `Bearer ${this.#ticket.token}`,
        'content-type': 'application/json',
        ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
      },
    })
    sent.end(text)
    const [response]: IncomingMessage[] = await once(sent, 'response')
    if (response === undefined) throw new Error('There was no response.')
    return { status: response.statusCode ?? 0, body: await buffer(response) }
  }
}

/** Asked again, it may answer. */
export function isAway(error: unknown): boolean {
  return error instanceof UserError && error.code === 'tracker-away'
}

function refused(tracker: string, path: string, { status, body }: { status: number; body: Buffer }): UserError {
  const read = refusal.safeParse(parsed(body))
  const [first] = read.success ? read.data.errors : []
  if (status >= 500 || first === undefined) {
    const why = first?.message ?? `it answers ${status} to ${path}`
    return new UserError(status >= 500 ? 'tracker-away' : 'tracker-refused', `The tracker at ${tracker}: ${why}`)
  }
  return new UserError(first.code, `The tracker says no: ${first.message}`)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
