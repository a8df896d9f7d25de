import { spawn } from 'node:child_process'
import { UserError } from '../core/errors.ts'

export interface Ended {
  exitCode: number
  stdout: string
  stderr: string
}

export interface CommandOptions {
  input?: string
  /** The whole environment; this process's own when left out. */
  env?: Record<string, string>
  cwd?: string
  /** In milliseconds; then it is killed and the exit code is 124. */
  timeoutMs?: number
  /** Called with everything that it prints, as it comes. */
  onOutput?: (text: string) => void
}

export type Words = readonly [string, ...string[]]

/** Runs a program of this machine and waits for its end, however it ends. */
export async function command(words: Words, options: CommandOptions = {}): Promise<Ended> {
  const [program, ...rest] = words
  const child = spawn(program, rest, { stdio: 'pipe', cwd: options.cwd, env: options.env ?? process.env })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      options.onOutput?.(text)
    })
  }
  child.stdin.on('error', () => {}).end(options.input ?? '')
  const { promise, resolve } = Promise.withResolvers<number>()
  const timer = setTimeout(() => child.kill('SIGKILL') && resolve(124), options.timeoutMs ?? 600_000)
  child.on('error', (error) => {
    output.stderr += error.message
    resolve(127)
  })
  child.on('close', (code) => resolve(code ?? 137))
  const exitCode = await promise
  clearTimeout(timer)
  return { exitCode, ...output }
}

/** The same for a program that has to succeed; its output, or an error that shows its last words. */
export async function must(words: Words, options: CommandOptions = {}): Promise<string> {
  const ended = await command(words, options)
  if (ended.exitCode !== 0) throw commandFailed(words, ended)
  return ended.stdout
}

export function commandFailed(words: Words, ended: Ended): UserError {
  const said = `${ended.stdout}\n${ended.stderr}`.trim().split('\n').slice(-40).join('\n')
  return new UserError('command-failed', `'${words.join(' ')}' ended with ${ended.exitCode}:\n${said}`)
}
