import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** One running process, as far as jobs care. */
export interface Process {
  pid: number
  parent: number
  group: number
  /** Tells this process from a later one with the same number. */
  began: string
  /** In milliseconds since 1970; only as fine as the system's clock ticks. */
  beganMs: number
}

// Linux counts process times in 1/100 s for programs, whatever its own clock does.
const TICK_MS = 10

/** When the process began, as text to compare; `undefined` when there is none, or it is a zombie. */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? readProcess(pid, bootTime())?.began : psLine(pid)
}

export function isAlive(claimed: { pid: number; began: string }): boolean {
  return processStart(claimed.pid) === claimed.began
}

/** All processes of this machine that we can see. Only on Linux; elsewhere there is no cheap way and none are given. */
export function processes(): Process[] {
  if (process.platform !== 'linux') return []
  const booted = bootTime()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => readProcess(Number(name), booted) ?? [])
}

/** Whether the process was started with this variable, or by one that was. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${name}=${value}`)
  } catch {
    // Gone, or another user's.
    return false
  }
}

function readProcess(pid: number, bootedMs: number): Process | undefined {
  const text = readQuietly(`/proc/${pid}/stat`)
  // The name in brackets may hold blanks and brackets; after the last one come the state and the numbers.
  const [state, parent, group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = rest[16]
  if (state === undefined || ticks === undefined || state === 'Z' || state === 'X') return undefined
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    began: `${bootId()}:${ticks}`,
    beganMs: bootedMs + Number(ticks) * TICK_MS,
  }
}

function bootTime(): number {
  return Number(/^btime (\d+)$/mu.exec(readQuietly('/proc/stat'))?.[1] ?? 0) * 1000
}

function bootId(): string {
  return readQuietly('/proc/sys/kernel/random/boot_id').trim()
}

function psLine(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' })
    return line.trim() === '' || line.trim().startsWith('Z') ? undefined : line.trim().replace(/^\S+\s+/u, '')
  } catch {
    return undefined
  }
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
