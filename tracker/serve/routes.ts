import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../core/errors.ts'
import { checkedBody, readJson, sendErrors, sendJson } from '../../core/protocol/http.ts'
import type { AirflowEngine } from '../engines/airflow/engine.ts'
import type { Tokens } from '../engines/airflow/tokens.ts'
import { parseId } from '../model/ids.ts'
import { report } from './contract.ts'
import type { Shelf } from './shelf.ts'

/** What the answers are made from. */
export interface Services {
  engine: AirflowEngine
  tokens: Tokens
  shelf: Shelf
  /** How long a task may go on without being heard, in milliseconds. */
  leaseMs: number
  /** Whether the database answers; throws when it does not. */
  check(): Promise<void>
  /** The error of a database that can't be reached, when that is what was thrown: asked again later, it may be there. */
  away(thrown: unknown): UserError | undefined
}

export interface Route {
  /** Anybody may ask; all others need a certificate. */
  isPublic: boolean
  answer(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** The largest report, in bytes: some thousand lines. */
const REPORT_BYTES = 4 * 1024 * 1024

/** What a request asks for, by its method and the parts of its path. */
export function routeOf(method: string, path: readonly string[]): Route | undefined {
  const [version, what, id, ...more] = path
  if (method === 'GET' && path.length === 1 && version === 'health') return open(health)
  if (version !== 'v1') return undefined
  if (what === 'workflows' && method === 'GET') {
    if (id === undefined) return members(async ({ shelf }, _, response) => sendJson(response, 200, await shelf.dags()))
    if (more.length === 0)
      return members(async ({ shelf }, _, response) => sendJson(response, 200, await shelf.files(id)))
    if (more[0] === 'files') return members(({ shelf }, _, response) => sendFile(shelf, id, more.slice(1), response))
  }
  if (what !== 'runs' || id === undefined || more[0] !== 'attempts' || more[1] === undefined) return undefined
  const [, attempt, tasks, task, attempts, taskAttempt] = more
  const key = { id: parseId(id, 'an analysis run'), attempt: parseId(attempt, 'an attempt') }
  if (method === 'GET' && tasks === undefined) return ofRun(key, sendRun)
  if (method !== 'POST' || tasks !== 'tasks' || attempts !== 'attempts') return undefined
  if (task === undefined || taskAttempt === undefined || more.length !== 6) return undefined
  const of = { task, attempt: parseId(taskAttempt, 'an attempt') }
  return ofRun(key, async ({ engine }, request, response) => {
    const { from, events } = checkedBody(report, await readJson(request, REPORT_BYTES), 'report')
    const other = events.find((event) => !('task' in event) || event.task !== task)
    if (other !== undefined)
      throw new UserError('bad-request', `The report of '${task}' has an event that is not its own.`)
    sendJson(response, 200, await engine.report(key.id, key.attempt, of, from, events))
  })
}

type RunKey = { id: number; attempt: number }
type Answer = Route['answer']

function open(answer: Answer): Route {
  return { isPublic: true, answer }
}

function members(answer: Answer): Route {
  return { isPublic: false, answer }
}

/** Only for who shows the token of this attempt of the run. */
function ofRun(
  key: RunKey,
  answer: (services: Services, request: IncomingMessage, response: ServerResponse, key: RunKey) => Promise<void>,
): Route {
  return members(async (services, request, response) => {
    const [, token = ''] = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '') ?? []
    if (services.tokens.isFor(token, key)) return answer(services, request, response, key)
    const message = `This is not the token of analysis run ${key.id}, attempt ${key.attempt}.`
    sendErrors(response, 403, [{ code: 'bad-token', message }])
  })
}

async function health(services: Services, _: IncomingMessage, response: ServerResponse): Promise<void> {
  await services.check()
  sendJson(response, 200, { ok: true })
}

async function sendRun(
  { engine, leaseMs }: Services,
  _: IncomingMessage,
  response: ServerResponse,
  key: RunKey,
): Promise<void> {
  const run = await engine.runToDo(key.id, key.attempt)
  if (run === undefined) {
    const message = `Analysis run ${key.id} has ended, or attempt ${key.attempt} of it has.`
    return sendErrors(response, 409, [{ code: 'run-ended', message }])
  }
  const { id, attempt, workflow, analysis, effective } = run
  sendJson(response, 200, { id, attempt, workflow, analysis, effective, leaseMs })
}

async function sendFile(
  shelf: Shelf,
  digest: string,
  path: readonly string[],
  response: ServerResponse,
): Promise<void> {
  const file = await shelf.file(digest, path.join('/'))
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.size })
  // Whoever fetches it may go away at any time.
  await pipeline(createReadStream(file.path), response).catch(() => {})
}
