import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { portOf } from '../../../core/protocol/http.ts'
import { type Dag, dags } from '../../../tracker/serve/contract.ts'

const PROGRAM = fileURLToPath(new URL('../../../bin/butler.js', import.meta.url))

export const PASSWORD = 'airflow-password'

const trigger = z.object({
  dag_run_id: z.string(),
  conf: z.object({
    config: z.record(z.string(), z.unknown()),
    butler: z.object({
      run: z.number(),
      attempt: z.number(),
      token: z.string(),
      items: z.record(z.string(), z.array(z.number())),
    }),
  }),
})

interface Instance {
  task_id: string
  map_index: number
  state: string | null
  try_number: number
  hostname: string
}

interface DagRun {
  dag: string
  state: 'queued' | 'running' | 'success' | 'failed'
  instances: Instance[]
}

/**
 * A stand-in for Airflow, which is too large to start here: as much of its REST API as the tracker asks for, and the tasks of
 * its DAGs are done by `butler task run`, as our operator for the real one does it. The real one is in the cluster's test.
 */
export class AirflowStandIn {
  readonly runs = new Map<string, DagRun>()
  /** DAGs that somebody wrote by hand: each is one task, which says this. */
  readonly byHand = new Map<string, { says: string; succeeds: boolean }>()
  /** Runs whose configuration says so are not taken. */
  refuses: (config: Readonly<Record<string, unknown>>) => boolean = () => false
  /** The tokens that runs came with. */
  readonly tokens: Record<string, string> = {}
  /** The last answer of the tracker's list of workflows; set by whoever starts the tracker. */
  askTracker: () => Promise<unknown> = () => Promise.resolve({ dags: [] })
  /** The `--root` of the machine that does the tasks. */
  workerRoot = ''
  readonly children = new Set<ChildProcess>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(t: { teardown(end: () => void): void }): Promise<AirflowStandIn> {
    const server = createServer()
    const opened = new AirflowStandIn(server)
    server.on('request', (request, response) => {
      opened.#answer(request, response).catch((error: unknown) => send(response, 500, { detail: String(error) }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      for (const child of opened.children) child.kill('SIGKILL')
      server.closeAllConnections()
      server.close()
    })
    return opened
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/airflow`
  }

  /** Of the run whose name begins so. */
  stateOf(prefix: string): string | undefined {
    return [...this.runs].find(([name]) => name.startsWith(prefix))?.[1].state
  }

  /** Says of a run what somebody has clicked, whatever its tasks do. */
  mark(prefix: string, state: DagRun['state']): void {
    for (const [name, run] of this.runs) if (name.startsWith(prefix)) run.state = state
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://airflow')
    const path = url.pathname.replace(/^\/airflow/u, '')
    const body = request.method === 'GET' ? undefined : await json(request)
    if (path === '/auth/token') {
      const { password } = z.object({ password: z.string() }).parse(body)
      return password === PASSWORD ? send(response, 201, { access_token: 'token' }) : send(response, 401, {})
    }
    if (request.headers.authorization !== 'Bearer token') return send(response, 401, {})
    const [, dag = '', what, id = '', more, task = '', logs] = path.replace('/api/v2', '').split('/').slice(1)
    if (path === '/api/v2/importErrors') return send(response, 200, { import_errors: [] })
    if (what === undefined) return send(response, (await this.#dag(dag)) === undefined ? 404 : 200, {})
    if (dag === '~') return send(response, 200, { dag_runs: this.#goingOn() })
    if (request.method === 'POST') return this.#trigger(dag, trigger.parse(body), response)
    const run = this.runs.get(id)
    if (run === undefined) return send(response, 404, {})
    if (request.method === 'PATCH') {
      run.state = 'failed'
      for (const child of this.children) child.kill('SIGTERM')
      return send(response, 200, {})
    }
    if (more === undefined) return send(response, 200, { state: run.state })
    if (logs === undefined) return send(response, 200, { task_instances: run.instances })
    send(response, 200, { content: [{ event: this.byHand.get(run.dag)?.says ?? `log of ${task}` }] })
  }

  #goingOn(): object[] {
    return [...this.runs]
      .filter(([, { state }]) => state === 'queued' || state === 'running')
      .map(([id, { state }]) => ({ dag_run_id: id, state }))
  }

  async #dag(id: string): Promise<Dag | undefined> {
    if (this.byHand.has(id)) return { dag: id, name: id, version: '1', tasks: [] }
    const known = dags.parse(await this.askTracker())
    return known.dags.find(({ dag }) => dag === id)
  }

  async #trigger(id: string, asked: z.infer<typeof trigger>, response: ServerResponse): Promise<void> {
    const dag = await this.#dag(id)
    if (dag === undefined) return send(response, 404, {})
    if (this.runs.has(asked.dag_run_id)) return send(response, 409, {})
    if (this.refuses(asked.conf.config)) return send(response, 422, { detail: 'this conf is too odd' })
    const run: DagRun = { dag: id, state: 'queued', instances: [] }
    this.runs.set(asked.dag_run_id, run)
    this.tokens[asked.dag_run_id] = asked.conf.butler.token
    void this.#do(dag, run, asked.conf.butler)
    send(response, 200, { state: 'queued' })
  }

  async #do(dag: Dag, run: DagRun, butler: z.infer<typeof trigger>['conf']['butler']): Promise<void> {
    const own = this.byHand.get(dag.dag)
    if (own !== undefined) {
      const state = own.succeeds ? 'success' : 'failed'
      run.instances.push({ task_id: 'only', map_index: -1, state, try_number: 1, hostname: 'worker-9' })
      run.state = state
      return
    }
    run.state = 'running'
    const ends = new Map<string, Promise<boolean>>()
    const ended = (name: string): Promise<boolean> => {
      const task = dag.tasks.find((each) => each.name === name)
      if (task === undefined) return Promise.resolve(true)
      const known = ends.get(name)
      if (known !== undefined) return known
      const end = Promise.all(task.needs.map(ended)).then(async (oks) => {
        const indices = task.isMapped ? (butler.items[name] ?? []) : [-1]
        const instances = indices.map((index) => instanceOf(name, index))
        run.instances.push(...instances)
        if (!oks.every(Boolean)) {
          for (const instance of instances) instance.state = 'upstream_failed'
          return false
        }
        const done = await Promise.all(instances.map((instance) => this.#instance(run, instance, task.retries, butler)))
        return done.every(Boolean)
      })
      ends.set(name, end)
      return end
    }
    const oks = await Promise.all(dag.tasks.map(({ name }) => ended(name)))
    if (run.state === 'running') run.state = oks.every(Boolean) ? 'success' : 'failed'
  }

  async #instance(
    run: DagRun,
    instance: Instance,
    retries: number,
    { run: id, attempt, token }: { run: number; attempt: number; token: string },
  ): Promise<boolean> {
    const task = instance.map_index < 0 ? instance.task_id : `${instance.task_id}[${instance.map_index}]`
    for (let count = 1; count <= retries + 1 && run.state === 'running'; count++) {
      instance.try_number = count
      const of = ['-r', `${id}`, '--run-attempt', `${attempt}`, '--task', task, '--attempt', `${count}`]
      const child = spawn(process.execPath, [PROGRAM, '--root', this.workerRoot, 'task', 'run', ...of], {
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      this.children.add(child)
      child.stdin.end(token)
      await once(child, 'close')
      this.children.delete(child)
      instance.state = child.exitCode === 0 ? 'success' : 'failed'
      if (child.exitCode === 0) return true
      if (child.exitCode !== 1 && child.exitCode !== null) return false
    }
    return false
  }
}

function instanceOf(task: string, index: number): Instance {
  return { task_id: task, map_index: index, state: null, try_number: 1, hostname: '' }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
