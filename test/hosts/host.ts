import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { command, commandFailed, must, type CommandOptions, type Ended, type Words } from '../../packaging/command.ts'
import { makeCgroups, removeCgroups } from './cgroup.ts'
import { addressOf, gatewayOf, type Network } from './network.ts'
import { endEntered, endProcess, isAlive, leaderOf, processRecord, recordOf } from './processes.ts'
import { until } from './until.ts'

export const hostRecord = z.object({
  name: z.string(),
  address: z.string(),
  /** Where its root is mounted on this machine. */
  root: z.string(),
  /** systemd-nspawn; gone once the host is off. */
  nspawn: processRecord.optional(),
  /** The name of its own cgroup on this machine. */
  cgroup: z.string().optional(),
  /** The host's PID 1, as this machine sees it. */
  leader: processRecord.optional(),
})

export type HostRecord = z.infer<typeof hostRecord>

const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
}

/** A Debian machine that is up. Everything is run in it as root, with a clean environment. */
export class DebianHost {
  readonly name: string
  readonly address: string
  readonly root: string
  readonly #leader: number

  constructor(record: HostRecord) {
    if (record.leader === undefined) throw new UserError('host-off', `The host ${record.name} is not up.`)
    this.name = record.name
    this.address = record.address
    this.root = record.root
    this.#leader = record.leader.pid
  }

  /** The words that run a program in this host when they are given to this machine. */
  enter(words: Words): Words {
    const environment = Object.entries(ENVIRONMENT).map(([key, value]) => `${key}=${value}`)
    return ['nsenter', '-t', String(this.#leader), '-a', 'env', '-i', '-C', '/root', ...environment, ...words]
  }

  /** Runs a program and tells how it ended. */
  async run(words: Words, options: Omit<CommandOptions, 'env' | 'cwd'> = {}): Promise<Ended> {
    return command(this.enter(words), options)
  }

  /** Runs a program that has to succeed, and gives what it printed. */
  async must(words: Words, options: Omit<CommandOptions, 'env' | 'cwd'> = {}): Promise<string> {
    const ended = await this.run(words, options)
    if (ended.exitCode !== 0) throw commandFailed([`${this.name}:`, ...words], ended)
    return ended.stdout
  }

  /** A line for the host's shell that has to succeed. */
  async sh(line: string, options: Omit<CommandOptions, 'env' | 'cwd'> = {}): Promise<string> {
    return this.must(['sh', '-euc', line], options)
  }

  /** Writes a file into the host from outside; not below `/tmp` or `/run`, which are the host's own memory. */
  async put(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    const target = join(this.root, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content, { mode })
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8')
  }
}

/** What a new host's disk needs before its first boot. */
export interface Birth {
  name: string
  number: number
  network: Network
  /** The base image. */
  image: string
  /** The lab's folder for this host: its own writes, its root, its console. */
  folder: string
  /** Names that it can look up from the start: the master's, as a cloud's DNS or a start script would give it. */
  known: Readonly<Record<string, string>>
  /** The address of the package cache, `http://...`. */
  proxy: string
}

/** What a host will be, to be written down before anything of it is made. */
export function conceive(birth: Birth): HostRecord {
  return { name: birth.name, address: addressOf(birth.network, birth.number), root: join(birth.folder, 'root') }
}

/** Lays the host's disk over the base image. */
export async function makeDisk(birth: Birth, { root, address }: HostRecord): Promise<void> {
  for (const part of ['upper', 'work', 'root']) await mkdir(join(birth.folder, part), { recursive: true })
  const layers = `lowerdir=${birth.image},upperdir=${join(birth.folder, 'upper')},workdir=${join(birth.folder, 'work')}`
  await must(['mount', '-t', 'overlay', 'overlay', '-o', layers, root])
  const known = Object.entries({ ...birth.known, [birth.name]: address })
  const files = {
    'etc/hostname': `${birth.name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${known.map(([name, at]) => `${at} ${name}\n`).join('')}`,
    'etc/resolv.conf': await nameservers(),
    'etc/systemd/network/10-host0.network': [
      '[Match]\nName=host0\n',
      `[Network]\nAddress=${address}/24\nGateway=${gatewayOf(birth.network)}\nIPv6AcceptRA=no\n`,
    ].join('\n'),
    'etc/apt/apt.conf.d/80proxy': `Acquire::http::Proxy "${birth.proxy}";\n`,
  }
  for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content)
}

/** Switches the host on. */
export async function powerOn(record: HostRecord, lab: string, network: Network): Promise<HostRecord> {
  const console = await open(join(dirname(record.root), 'console.log'), 'a')
  const words = [
    '--quiet --register=no --keep-unit --link-journal=no --resolv-conf=off --timezone=off --boot'.split(' '),
    ['-D', record.root, `--machine=${lab}-${record.name}`, `--hostname=${record.name}`],
    [`--network-bridge=${network.bridge}`],
    // As on a machine: programs that keep secrets out of the swap do not start without it.
    ['--system-call-filter=@memlock'],
  ].flat()
  const cgroup = `butler-${lab}-${record.name}`
  const entering = (await makeCgroups(cgroup)).map((folder) => `echo $$ > ${folder}/cgroup.procs; `)
  const child = spawn('sh', ['-euc', `${entering.join('')}exec systemd-nspawn "$@"`, 'sh', ...words], {
    detached: true,
    stdio: ['ignore', console.fd, console.fd],
    env: { PATH: ENVIRONMENT.PATH },
  })
  child.unref()
  child.on('error', () => {})
  if (child.pid === undefined) throw new Error('systemd-nspawn could not be started.')
  const { pid } = child
  await console.close()
  return { ...record, cgroup, nspawn: await recordOf(pid) }
}

/** Waits until systemd in a host that was switched on says that all of it is up. */
export async function booted(record: HostRecord): Promise<HostRecord> {
  const { nspawn } = record
  if (nspawn === undefined) throw new UserError('host-off', `${record.name} was not switched on.`)
  const leader = await until(`${record.name} to start`, async () => {
    if (!(await isAlive(nspawn))) return 'ended'
    return leaderOf(nspawn.pid)
  })
  if (leader === 'ended') {
    const said = await readFile(join(dirname(record.root), 'console.log'), 'utf8')
    throw new UserError('host-failed', `${record.name} could not start:\n${said.trim()}`)
  }
  const up = { ...record, leader: await recordOf(leader) }
  const host = new DebianHost(up)
  const state = await until(`${record.name} to be up`, async () => {
    const { stdout } = await host.run(['systemctl', 'is-system-running'])
    return ['running', 'degraded', 'maintenance'].includes(stdout.trim()) && stdout.trim()
  })
  if (state !== 'running') {
    throw new UserError(
      'host-degraded',
      `${record.name} is ${state}:\n${await host.sh('systemctl --failed --no-legend')}`,
    )
  }
  return up
}

/** The signal that makes systemd as PID 1 power off, and not only stop: SIGRTMIN+4. */
const POWER_OFF = 38

/** Powers the host off as its button would; kills it when that takes too long. Its disk stays. */
export async function powerOff(record: HostRecord): Promise<HostRecord> {
  const { nspawn, cgroup, leader: _, ...off } = record
  if (nspawn !== undefined && (await isAlive(nspawn))) {
    const leader = await leaderOf(nspawn.pid)
    if (leader !== undefined) {
      process.kill(leader, POWER_OFF)
      await endEntered(leader)
    }
    const gone = async (): Promise<boolean> => !(await isAlive(nspawn))
    await until(`${record.name} to power off`, gone, { timeoutMs: 90_000 }).catch(() =>
      endProcess(nspawn, 'SIGKILL', 10_000),
    )
  }
  if (cgroup !== undefined) await removeCgroups(cgroup)
  return off
}

/** Removes the disk of a host that is off. */
export async function removeDisk(record: HostRecord): Promise<void> {
  const mounts = await readFile('/proc/mounts', 'utf8')
  if (mounts.includes(` ${record.root} `)) await must(['umount', record.root])
  await rm(dirname(record.root), { recursive: true, force: true })
}

/** This machine's own nameservers: those on its loopback are of no use to a host. */
async function nameservers(): Promise<string> {
  const text = await readFile('/etc/resolv.conf', 'utf8')
  const lines = text
    .split('\n')
    .filter((line) => /^(nameserver|search|options)\s/u.test(line) && !/\s127\./u.test(line))
  return `${lines.join('\n')}\n`
}
