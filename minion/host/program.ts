import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { CommandOptions, Output } from '../../core/module/view.ts'
import type { Account, Accounts } from './accounts.ts'
import { BoundedText } from './bounded.ts'
import { errnoOf, systemFailure } from './failure.ts'
import { asUser } from './runas.ts'

/** How much of each of a program's two streams is kept, in bytes. */
const OUTPUT_LIMIT = 10 * 1024 * 1024
/** How long a program that is told to end may take before it is killed. */
const GRACE_MS = 2000
/** How long to wait for the rest of the output when the program has ended but a child of it still holds the pipes. */
const LINGER_MS = 500

type Argv = readonly [string, ...string[]]

export interface Programs {
  run(argv: Argv, options: CommandOptions): Promise<Output>
  shell(command: string, options: CommandOptions): Promise<Output>
}

/** Starts programs, each in a process group of its own that ends with it when its time is over. */
export function createPrograms(accounts: Accounts): Programs {
  const running = new Set<number | undefined>()
  const killAll = (): void => {
    for (const pid of running) signalGroup(pid, 'SIGKILL')
  }
  const run = async (argv: Argv, options: CommandOptions): Promise<Output> => {
    const account = options.runas === undefined ? undefined : accounts.needUser(options.runas)
    checkDirectory(options.cwd)
    const child = start(argv, options, account)
    if (running.size === 0) process.on('exit', killAll)
    running.add(child.pid)
    try {
      return await outputOf(child, argv[0], options)
    } finally {
      accounts.doubt()
      running.delete(child.pid)
      if (running.size === 0) process.off('exit', killAll)
    }
  }
  return { run, shell: (command, options) => run([options.shell ?? '/bin/sh', '-c', command], options) }
}

function start(argv: Argv, options: CommandOptions, account: Account | undefined): ChildProcess {
  const { command, args, ids } = asUser(argv, account)
  const spawned = (): ChildProcess =>
    spawn(command, args, {
      cwd: options.cwd ?? homeOf(account),
      env: environmentFor(options, account),
      // a process group (and session) of its own: a Ctrl-C of ours is not its end, and it can be ended whole
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...ids,
    })
  if (options.umask === undefined) return spawned()
  // a child takes over the umask of the moment in which it is started, and spawn() is synchronous
  const before = process.umask(Number.parseInt(options.umask, 8))
  try {
    return spawned()
  } finally {
    process.umask(before)
  }
}

function outputOf(child: ChildProcess, program: string, options: CommandOptions): Promise<Output> {
  const stdout = new BoundedText(OUTPUT_LIMIT)
  const stderr = new BoundedText(OUTPUT_LIMIT)
  child.stdout?.on('data', (piece: Buffer) => stdout.add(piece))
  child.stderr?.on('data', (piece: Buffer) => stderr.add(piece))
  // a program that does not read its input is no failure of ours
  child.stdin?.on('error', () => {}).end(options.input)
  let timedOut = false
  const timers: NodeJS.Timeout[] = []
  if (options.timeoutMs !== undefined) {
    timers.push(
      setTimeout(() => {
        timedOut = true
        signalGroup(child.pid, 'SIGTERM')
        timers.push(setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS))
      }, options.timeoutMs),
    )
  }
  const { promise, resolve, reject } = Promise.withResolvers<Output>()
  const ended = (exitCode: number): void => {
    for (const timer of timers) clearTimeout(timer)
    if (timedOut) signalGroup(child.pid, 'SIGKILL')
    resolve({
      exitCode,
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      ...(timedOut ? { timedOut } : {}),
      ...(child.pid === undefined ? {} : { pid: child.pid }),
    })
  }
  child.once('error', (error) => {
    const code = errnoOf(error)
    if (code !== 'ENOENT' && code !== 'EACCES') return reject(systemFailure(error, `start ${program}`))
    const nowhere = code === 'ENOENT' || isNowhere(program, options.env?.['PATH'] ?? process.env['PATH'] ?? '')
    const [exitCode, cause] = nowhere ? [127, 'not found'] : [126, 'permission denied']
    stderr.add(Buffer.from(`${program}: ${cause}\n`))
    ended(exitCode)
  })
  child.once('exit', (code, signal) => {
    const exitCode = code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)
    const lingering = setTimeout(() => {
      // a daemon that it left behind has inherited its pipes: read on without waiting for it
      unref(child)
      ended(exitCode)
    }, LINGER_MS)
    child.once('close', () => {
      clearTimeout(lingering)
      ended(exitCode)
    })
  })
  return promise
}

/** The system says EACCES also for a program that is nowhere, when a folder of the path may not be looked into. */
function isNowhere(program: string, path: string): boolean {
  return !program.includes('/') && !path.split(delimiter).some((folder) => existsSync(join(folder, program)))
}

function unref(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // it has ended
  }
}

function checkDirectory(cwd: string | undefined): void {
  if (cwd === undefined || statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return
  throw new UserError('no-such-cwd', `The working directory ${cwd} is no directory on this machine.`)
}

function homeOf(account: Account | undefined): string {
  const home = account?.home ?? process.env['HOME'] ?? '/'
  return statSync(home, { throwIfNoEntry: false })?.isDirectory() ? home : '/'
}

/** Ours, with messages in one language for parsers, and the folders of system programs that a plain user's path lacks. */
function environmentFor(
  { env, prependPath }: CommandOptions,
  account: Account | undefined,
): Record<string, string | undefined> {
  const whole = { ...environment(account), ...env }
  return prependPath === undefined ? whole : { ...whole, PATH: `${prependPath}:${whole.PATH}` }
}

function environment(account: Account | undefined): NodeJS.ProcessEnv & { PATH: string } {
  const path = new Set((process.env['PATH'] ?? '').split(':').filter((part) => part !== ''))
  for (const folder of ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']) path.add(folder)
  const own = account && { HOME: account.home, USER: account.name, LOGNAME: account.name, SHELL: account.shell }
  return { ...process.env, PATH: [...path].join(':'), LC_ALL: 'C.UTF-8', LANGUAGE: undefined, ...own }
}
