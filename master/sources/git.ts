import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { UserError } from '../../core/errors.ts'

export interface GitOptions {
  /** The bare repository; left out for `git init` and the like. */
  repository?: string
  /** Git's own configuration for this call, in place of the user's. */
  config: string
  input?: string
  timeoutMs: number
}

/**
 * Runs the git program, which may ask nobody anything, and returns what it printed. Throws a `UserError` with git's
 * last words when it fails, when it takes too long, or when there is no git.
 */
export async function git(words: readonly string[], options: GitOptions): Promise<Buffer> {
  const where = options.repository === undefined ? [] : ['--git-dir', options.repository]
  const child = spawn('git', [...where, ...words], {
    // A group of its own: git starts ssh and others, and all of them have to end with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(options.config),
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece))
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece))
  // A git that ends early does not read its input; its exit code says why.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const state = { late: false }
  const timer = setTimeout(() => {
    state.late = true
    if (child.pid !== undefined) killGroup(child.pid)
  }, options.timeoutMs)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (state.late) throw new UserError('git-timeout', `git did not end within ${options.timeoutMs / 1000} s.`)
    if (code !== 0) throw new UserError('git-failed', lastWords(Buffer.concat(stderr).toString()))
    return Buffer.concat(stdout)
  } catch (thrown) {
    throw isMissing(thrown) ? noGit(thrown) : thrown
  } finally {
    clearTimeout(timer)
  }
}

function environment(config: string): NodeJS.ProcessEnv {
  const { PATH, HOME, SSH_AUTH_SOCK, GIT_SSH_COMMAND } = process.env
  return {
    PATH,
    HOME,
    SSH_AUTH_SOCK,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: config,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:ssh:file',
    GIT_SSH_COMMAND: GIT_SSH_COMMAND ?? 'ssh -oBatchMode=yes',
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}

function noGit(cause: unknown): UserError {
  return new UserError('no-git', 'The program git is not there.', {
    hint: 'Install it on the master (Debian: apt-get install git).',
    cause,
  })
}

/** What git said is usually in its first `fatal:` line; what follows are tips for a person at a keyboard. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  return withoutPassword(lines.find((line) => /^(?:fatal|error):/u.test(line)) ?? lines.at(-1) ?? 'git failed')
}

/** An address as it may be shown: `https://user:password@host` keeps neither. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^/@\s]+@/gu, (match, scheme: string) => (scheme === 'ssh://' ? match : scheme))
}
