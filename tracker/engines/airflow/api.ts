import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { AirflowConfig } from '../../config.ts'
import { UserError } from '../../../core/errors.ts'
import type { DataMap } from '../../../core/data.ts'

/** How long Airflow may take for one answer, in milliseconds. */
const PATIENCE = 30_000

/** How many rows Airflow gives in one answer, unless it was told otherwise. */
const PAGE = 100

const dagRunState = z.enum(['queued', 'running', 'success', 'failed'])

export type DagRunState = z.infer<typeof dagRunState>

/** A task of a DAG run, as Airflow sees it. */
export interface TaskInstance {
  task: string
  /** Which of a mapped task's instances; -1 when it is not mapped. */
  index: number
  state: string | null
  attempt: number
  host: string | null
}

const token = z.object({ access_token: z.string() })
const dagRun = z.object({ state: dagRunState })
const dagRuns = z.object({ dag_runs: z.array(z.object({ dag_run_id: z.string(), state: dagRunState })) })
const taskInstances = z.object({
  task_instances: z.array(
    z.object({
      task_id: z.string(),
      map_index: z.number(),
      state: z.string().nullable(),
      try_number: z.number(),
      hostname: z.string().nullable(),
    }),
  ),
})
const logPage = z.object({ content: z.array(z.object({ event: z.string() })) })
const importErrors = z.object({ import_errors: z.array(z.object({ filename: z.string(), stack_trace: z.string() })) })

/** Airflow's stable REST API (`/api/v2` of Airflow 3), as far as the tracker needs it. */
export class AirflowApi {
  readonly #config: AirflowConfig
  #token: Promise<string> | undefined

  constructor(config: AirflowConfig) {
    this.#config = config
  }

  /** Whether it is known and may run. */
  async hasDag(dag: string): Promise<boolean> {
    const { status } = await this.#ask('GET', `/dags/${encodeURIComponent(dag)}`, [200, 404])
    return status === 200
  }

  /**
   * Begins a run of the DAG under this id. The same id once more is no second run. `false` when Airflow does not know the
   * DAG (yet): it reads its files every few seconds.
   */
  async trigger(dag: string, run: string, conf: DataMap): Promise<boolean> {
    const body = { dag_run_id: run, logical_date: null, conf }
    const { status } = await this.#ask('POST', `/dags/${encodeURIComponent(dag)}/dagRuns`, [200, 404, 409], body)
    return status !== 404
  }

  /** The runs that wait or go on, among those whose ids begin so. */
  async goingOn(prefix: string): Promise<Map<string, DagRunState>> {
    const found = new Map<string, DagRunState>()
    for (let offset = 0; ; offset += PAGE) {
      const query = new URLSearchParams({ run_id_prefix_pattern: prefix, limit: `${PAGE}`, offset: `${offset}` })
      for (const state of ['queued', 'running']) query.append('state', state)
      const { body } = await this.#ask('GET', `/dags/~/dagRuns?${query.toString()}`, [200])
      const page = this.#checked(dagRuns, body).dag_runs
      for (const { dag_run_id: id, state } of page) found.set(id, state)
      if (page.length < PAGE) return found
    }
  }

  /** How a run stands; nothing when there is none. */
  async stateOf(dag: string, run: string): Promise<DagRunState | undefined> {
    const { status, body } = await this.#ask('GET', pathOf(dag, run), [200, 404])
    return status === 404 ? undefined : this.#checked(dagRun, body).state
  }

  /** Ends a run: its tasks are killed, those that wait are not begun. One that has ended stays as it is. */
  async fail(dag: string, run: string): Promise<void> {
    await this.#ask('PATCH', pathOf(dag, run), [200, 404, 409], { state: 'failed' })
  }

  async tasksOf(dag: string, run: string): Promise<TaskInstance[]> {
    const { body } = await this.#ask('GET', `${pathOf(dag, run)}/taskInstances?limit=1000`, [200])
    return this.#checked(taskInstances, body).task_instances.map((each) => ({
      task: each.task_id,
      index: each.map_index,
      state: each.state,
      attempt: each.try_number,
      host: each.hostname === '' ? null : each.hostname,
    }))
  }

  /** What a task wrote in its last attempt, line by line; empty when Airflow has nothing of it. */
  async logOf(dag: string, run: string, { task, index, attempt }: TaskInstance): Promise<string[]> {
    const query = new URLSearchParams({ full_content: 'true', map_index: `${index}` })
    const path = `${pathOf(dag, run)}/taskInstances/${encodeURIComponent(task)}/logs/${attempt}?${query.toString()}`
    const { status, body } = await this.#ask('GET', path, [200, 404])
    return status === 404 ? [] : this.#checked(logPage, body).content.map(({ event }) => event)
  }

  /** Why files with DAGs can't be read, one line each. */
  async importErrors(): Promise<string[]> {
    const { body } = await this.#ask('GET', '/importErrors', [200])
    return this.#checked(importErrors, body).import_errors.map(
      ({ filename, stack_trace: trace }) => `${filename}: ${trace.trim().split('\n').at(-1) ?? ''}`,
    )
  }

  async #ask(
    method: string,
    path: string,
    expected: readonly number[],
    body?: object,
  ): Promise<{ status: number; body: unknown }> {
    for (const isLast of [false, true]) {
      const known = await (this.#token ??= this.#login())
      const answer = await this.#fetch(method, `/api/v2${path}`, body, { authorization: `Bearer ${known}` })
      // Tokens live for a day, and end with the key that they were signed by.
      if (answer.status === 401 && !isLast) {
        this.#token = undefined
        continue
      }
      if (!expected.includes(answer.status)) throw this.#refused(method, path, answer)
      return { status: answer.status, body: parsed(answer.text) }
    }
    throw new Error('The last attempt neither answered nor failed.')
  }

  async #login(): Promise<string> {
    const { user, passwordFile } = this.#config
    // Read each time: it may have been changed since.
    const password = (await readFile(passwordFile, 'utf8')).trimEnd()
    try {
      const answer = await this.#fetch('POST', '/auth/token', { username: user, password })
      if (answer.status === 401) {
        throw new UserError('airflow-refused', `Airflow at ${this.#config.url} does not let '${user}' in.`, {
          hint: `The password in ${passwordFile} must be the one that Airflow knows.`,
        })
      }
      if (answer.status !== 201) throw this.#refused('POST', '/auth/token', answer)
      return this.#checked(token, parsed(answer.text)).access_token
    } catch (error) {
      this.#token = undefined
      throw error
    }
  }

  async #fetch(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`${this.#config.url}${path}`, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE),
      })
      return { status: response.status, text: await response.text() }
    } catch (error) {
      throw new UserError('airflow-away', `Airflow does not answer at ${this.#config.url}: ${causeOf(error)}.`, {
        hint: "Is its webserver up? 'systemctl status airflow-webserver'",
        cause: error,
      })
    }
  }

  #refused(method: string, path: string, { status, text }: { status: number; text: string }): UserError {
    const said = text.replaceAll(/\s+/gu, ' ').slice(0, 200)
    // What is wrong on its side passes, as what it can't be reached by.
    const code = status >= 500 ? 'airflow-away' : 'airflow-refused'
    return new UserError(code, `Airflow at ${this.#config.url} answers ${status} to ${method} ${path}: ${said}`)
  }

  #checked<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
    const checked = schema.safeParse(body)
    if (checked.success) return checked.data
    const [issue] = checked.error.issues
    throw new UserError(
      'airflow-strange',
      `Airflow at ${this.#config.url} gives an answer of another shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
      { hint: 'The tracker speaks the API of Airflow 3.' },
    )
  }
}

function pathOf(dag: string, run: string): string {
  return `/dags/${encodeURIComponent(dag)}/dagRuns/${encodeURIComponent(run)}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
