import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { until } from './until.ts'

export interface Ended {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Runs one of Butler's programs as a person would. */
export async function program(
  name: 'butler-master' | 'butler-minion' | 'butler-call',
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = daemon(name, words, env)
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
  if (child.exitCode === null) await once(child, 'exit')
  return { exitCode: child.exitCode, stdout: await stdout, stderr: await stderr }
}

export function daemon(name: string, words: readonly string[], env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(`../../../bin/${name}.js`, import.meta.url))
  return spawn(process.execPath, [file, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
}

/** Ends a daemon and waits for its end. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** A real master with a folder as its source; `files` are relative to that folder. */
export class RealMaster {
  readonly root: string
  #child: ReturnType<typeof daemon> | undefined

  constructor(root: string, files: Record<string, string>) {
    this.root = root
    const source = join(root, 'source')
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(source, name)), { recursive: true })
      writeFileSync(join(source, name), content)
    }
    mkdirSync(join(root, 'etc/butler'), { recursive: true })
    const config = { listen: '127.0.0.1', port: 0, sources: [{ name: 'main', folder: source }] }
    writeFileSync(join(root, 'etc/butler/master.yaml'), JSON.stringify(config))
  }

  async start(): Promise<void> {
    const child = daemon('butler-master', ['--root', this.root, 'start'])
    child.stdout.resume()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    this.#child = child
    await until('the master', () => {
      if (child.exitCode !== null) throw new Error(`the master ended: ${said}`)
      return /^info started/mu.test(said)
    })
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    if (this.#child !== undefined) await stop(this.#child, signal)
  }

  get address(): string {
    return `127.0.0.1:${readFileSync(join(this.root, 'run/butler/master.port'), 'utf8').trim()}`
  }

  async call(...words: string[]): Promise<Ended> {
    return program('butler-master', ['--root', this.root, ...words])
  }

  async token(...words: string[]): Promise<{ token: string; caFingerprint: string }> {
    const { stdout } = await this.call('tokens', 'create', '--json', ...words)
    return JSON.parse(stdout) as { token: string; caFingerprint: string }
  }
}
