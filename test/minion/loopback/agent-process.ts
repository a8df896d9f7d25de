import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateKey } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { layoutOf, type Layout } from '../../../core/cli/layout.ts'
import { keepCertificate, keepKey } from '../../../minion/identity/identity.ts'
import { makeKey } from '../../../minion/identity/key.ts'
import { askAgent } from '../../../minion/socket/ask.ts'
import type { AgentStatus } from '../../../minion/socket/messages.ts'
import { socketPath } from '../../../core/cli/socket.ts'
import { isAlive } from '../../../minion/jobs/process.ts'
import { readClaim, type Claim } from '../../../minion/spool/spool.ts'
import { until } from './until.ts'
import type { TestMaster } from './test-master.ts'

const PROGRAM = fileURLToPath(new URL('../../../minion/cli/butler-minion.ts', import.meta.url))
const KEY = await makeKey(2048)

/** A minion's machine: one folder, and agents that come and go on it as real processes. */
export class AgentProcess {
  readonly layout: Layout
  readonly root: string
  readonly log: string[] = []
  #child: ChildProcess | undefined

  constructor(root: string, master: Pick<TestMaster, 'port' | 'authority'>, settings: object = {}) {
    this.root = root
    this.layout = layoutOf({ root })
    keepKey(this.layout, KEY)
    const { certificate } = master.authority.certify('worker-1', createPrivateKey(KEY))
    keepCertificate(this.layout, { certificate, ca: master.authority.ca })
    mkdirSync(this.layout.config, { recursive: true })
    mkdirSync(join(root, 'home'), { recursive: true })
    const config = { id: 'worker-1', master: `127.0.0.1:${master.port}`, ...settings }
    writeFileSync(join(this.layout.config, 'minion.yaml'), JSON.stringify(config))
  }

  start(): void {
    const child = spawn(process.execPath, [PROGRAM, 'start', '--root', this.root], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.log.push(...text.trim().split('\n')))
    this.#child = child
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  spoolOf(jid: string): string {
    return join(this.layout.data, 'spool', jid)
  }

  /** What it says of itself over its local socket. */
  async status(): Promise<AgentStatus> {
    const agent = await until('the local socket', () => askAgent(socketPath(this.layout, 'minion'), () => {}))
    const status = await agent.ask('status', {}, { timeoutMs: 30_000 })
    agent.close('done')
    return status
  }

  /** Nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await until('an idle agent', async () => (await this.status()).jobs.length === 0)
  }

  /** The process that has begun a job. */
  async claim(jid: string): Promise<Claim> {
    return until(`a claim of ${jid}`, () => readClaim(this.spoolOf(jid)))
  }

  async gone(claim: Claim): Promise<void> {
    await until(`the end of process ${claim.pid}`, () => !isAlive(claim))
  }

  text(name: string): string {
    try {
      return readFileSync(join(this.root, name), 'utf8')
    } catch {
      return ''
    }
  }

  /** Everything that lies in the spool, to look for what must not be there. */
  spooled(): string {
    const folder = join(this.layout.data, 'spool')
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
  }
}
