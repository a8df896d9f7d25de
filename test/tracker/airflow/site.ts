import { Agent, request } from 'node:https'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import type { Test } from 'tap'
import { Butler, type Running } from '../cli/butler.ts'
import { makeCertificates } from './certificates.ts'
import { AirflowStandIn, PASSWORD } from './stand-in.ts'

interface Asked {
  method?: string
  token?: string
  body?: string
  /** Without a certificate. */
  asStranger?: boolean
}

/** A tracker that gives its runs to (a stand-in of) Airflow, with `butler serve` running. */
export class Site {
  readonly butler: Butler
  readonly airflow: AirflowStandIn
  readonly #t: Test
  readonly #certificates: { ca: string; key: string; cert: string }
  #serving: Running | undefined
  readonly #settings: object
  #port = 0

  private constructor(
    t: Test,
    butler: Butler,
    airflow: AirflowStandIn,
    certificates: { ca: string; key: string; cert: string },
    settings: object,
  ) {
    this.#settings = settings
    this.#t = t
    this.butler = butler
    this.airflow = airflow
    this.#certificates = certificates
  }

  static async open(t: Test, files: Readonly<Record<string, string | object>>, settings: object = {}): Promise<Site> {
    const airflow = await AirflowStandIn.open(t)
    const butler = new Butler(t, { ...files, 'airflow.password': `${PASSWORD}\n` })
    const certificates = await makeCertificates(butler.folder)
    const site = new Site(t, butler, airflow, certificates, settings)
    airflow.askTracker = async () => JSON.parse((await site.ask('/v1/workflows')).body)
    airflow.workerRoot = butler.folder
    await site.serve()
    return site
  }

  /** Starts `butler serve`; again on the same port, so that tasks find it. */
  async serve(): Promise<void> {
    this.butler.write({
      'etc/butler/tracker.yaml': {
        ...this.#settings,
        ca_file: '../../ca.crt',
        engine: 'airflow',
        airflow: { url: this.airflow.url, user: 'butler', password_file: '../../airflow.password' },
        serve: { host: '127.0.0.1', port: this.#port, key_file: '../../tls.key', certificate_file: '../../tls.crt' },
      },
    })
    const serving = this.butler.start('serve')
    this.#serving = serving
    this.#t.teardown(() => serving.child.kill('SIGKILL'))
    const line = await serving.notes(/listens on port (\d+)/u)
    this.#port = Number(line[1])
    this.butler.write({
      'etc/butler/worker.yaml': {
        tracker: `https://localhost:${this.#port}`,
        ca_file: '../../ca.crt',
        key_file: '../../tls.key',
        certificate_file: '../../tls.crt',
        workdir: '../../worker',
      },
    })
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#serving?.child.kill(signal)
    await this.#serving?.ended
  }

  /** Asks the tracker's port as a machine of the cluster does. */
  async ask(
    path: string,
    { method = 'GET', token, body, asStranger = false }: Asked = {},
  ): Promise<{ status: number; body: string }> {
    const { ca, key, cert } = this.#certificates
    const agent = new Agent({ ca, ...(asStranger ? {} : { key, cert }) })
    const sent = request(`https://localhost:${this.#port}${path}`, {
      method,
      agent,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
    sent.end(body)
    const [response]: IncomingMessage[] = await once(sent, 'response')
    if (response === undefined) throw new Error('There was no response.')
    const answer = { status: response.statusCode ?? 0, body: await text(response) }
    agent.destroy()
    return answer
  }
}
