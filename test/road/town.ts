import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Test } from 'tap'
import { layoutOf } from '../../core/cli/layout.ts'
import type { TokenMade } from '../../master/api/contract.ts'
import { Repository } from '../master/repository.ts'
import { until } from '../master/until.ts'

/** What a program said, and how it ended. */
export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** stdout as JSON; throws when it is none. */
  json(): unknown
}

export interface JoinOptions {
  /** What the minion claims about itself. */
  grains?: Readonly<Record<string, unknown>>
  /** The machine that it is, when it gives itself the id of another one. */
  as?: string
}

/**
 * A master and its minions, all of them the real programs as processes of an ordinary user, with real TLS on the
 * loopback address, below one temporary folder. It ends with the test.
 */
export class Town {
  readonly folder = mkdtempSync(join(tmpdir(), 'butler-town-'))
  readonly masterRoot = join(this.folder, 'master')
  readonly source: Repository
  readonly #processes = new Map<string, ChildProcess>()
  readonly #settings: Record<string, unknown>

  /** With the files of its only source, and more settings of `master.yaml`. */
  constructor(t: Test, files: Readonly<Record<string, string>>, settings: Readonly<Record<string, unknown>> = {}) {
    this.source = new Repository(join(this.folder, 'source'))
    this.source.commit(files)
    this.#settings = settings
    t.teardown(() => this.end())
  }

  async startMaster(): Promise<void> {
    const sources = [{ name: 'site', git: this.source.folder, branch: 'main' }]
    // The port stays the same over restarts, as it does on a real machine.
    const port = this.#port() ?? 0
    const settings = { listen: '127.0.0.1', port, sources, ...this.#settings }
    this.#write(join(this.masterRoot, 'etc/butler/master.yaml'), JSON.stringify(settings))
    this.#daemon('master', 'butler-master', ['--root', this.masterRoot, 'start'])
    await until('the master to answer', async () => (await this.master('minions')).code === 0)
  }

  /** Makes a token for this id, enrols it and starts it. */
  async join(id: string, options: JoinOptions = {}): Promise<void> {
    const ran = await this.enroll(id, await this.token(id), options)
    if (ran.code !== 0) throw new Error(`'${id}' could not join: ${ran.stderr}`)
    await this.startMinion(id)
  }

  /** A token for the ids of a glob. */
  async token(ids: string): Promise<TokenMade> {
    const made = await this.master('tokens', 'create', '--id', ids, '--uses', '1', '--expires', '1h', '--json')
    return made.json() as TokenMade
  }

  enroll(id: string, { token, caFingerprint }: TokenMade, { grains = {}, as = id }: JoinOptions = {}): Promise<Ran> {
    const settings = { id, master: `127.0.0.1:${this.#port()}`, grains: { home: this.home(as), ...grains } }
    mkdirSync(this.home(as), { recursive: true })
    this.#write(join(this.minionRoot(as), 'etc/butler/minion.yaml'), JSON.stringify(settings))
    const words = ['enroll', '--ca-fingerprint', caFingerprint, '--token', token]
    return this.run('butler-minion', ['--root', this.minionRoot(as), ...words])
  }

  async startMinion(id: string): Promise<void> {
    this.#daemon(id, 'butler-minion', ['--root', this.minionRoot(id), 'start'])
    await until(`${id} to be connected`, () => this.isConnected(id))
  }

  async isConnected(id: string): Promise<boolean> {
    const minions = (await this.master('minions', '--json')).json() as { id: string; connected: boolean }[]
    return minions.some((minion) => minion.id === id && minion.connected)
  }

  minionRoot(id: string): string {
    return join(this.folder, 'minions', id)
  }

  /** The folder that a minion's states may use: its grain `home`. */
  home(id: string): string {
    return join(this.folder, 'homes', id)
  }

  master(...words: string[]): Promise<Ran> {
    return this.run('butler-master', ['--root', this.masterRoot, ...words])
  }

  /** `butler-call` on one of the minions. */
  call(id: string, ...words: string[]): Promise<Ran> {
    return this.run('butler-call', ['--root', this.minionRoot(id), ...words])
  }

  /** Ends a daemon the hard way, at once. */
  async kill(name: string): Promise<void> {
    const child = this.#processes.get(name)
    if (child === undefined) throw new Error(`No daemon '${name}' was started.`)
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    this.#processes.delete(name)
  }

  run(program: string, words: readonly string[]): Promise<Ran> {
    const child = spawn(process.execPath, [resolve('bin', `${program}.js`), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => {
        const json = (): unknown => {
          try {
            return JSON.parse(stdout)
          } catch {
            throw new Error(`No JSON from ${program} ${words.join(' ')} (exit code ${code}): ${stdout}\n${stderr}`)
          }
        }
        resolve({ code, stdout, stderr, json })
      })
    })
  }

  /** What a daemon has logged so far. */
  log(name: string): string {
    return this.#logs.get(name)?.join('') ?? ''
  }

  readonly #logs = new Map<string, string[]>()

  #daemon(name: string, program: string, words: readonly string[]): void {
    const child = spawn(process.execPath, [resolve('bin', `${program}.js`), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log = this.#logs.get(name) ?? []
    this.#logs.set(name, log)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => log.push(text))
    }
    this.#processes.set(name, child)
  }

  #port(): number | undefined {
    try {
      return Number(readFileSync(join(layoutOf({ root: this.masterRoot }).run, 'master.port'), 'utf8'))
    } catch {
      return undefined
    }
  }

  #write(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** Whether a daemon was started and not killed. */
  runs(name: string): boolean {
    return this.#processes.has(name)
  }

  /** Ends all daemons and removes the folder. */
  async end(): Promise<void> {
    const alive = [...this.#processes.values()].filter((child) => child.exitCode === null && child.signalCode === null)
    await Promise.all(
      alive.map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        return ended
      }),
    )
    rmSync(this.folder, { recursive: true, force: true })
  }
}
