import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { cacheFolder, labFolder } from './folders.ts'
import {
  booted,
  conceive,
  DebianHost,
  hostRecord,
  makeDisk,
  powerOff,
  powerOn,
  removeDisk,
  type HostRecord,
} from './host.ts'
import { baseImage } from './image.ts'
import {
  addressOf,
  gatewayOf,
  freeNetwork,
  makeNetwork,
  networkRecord,
  removeNetwork,
  type Network,
} from './network.ts'
import { endProcess, isAlive, processRecord, recordOf, type ProcessRecord } from './processes.ts'
import { ensureTools } from './tools.ts'

/** All that was made for a lab, written down as it is made, so that it can be ended after a crash. */
const labRecord = z.object({
  /** Who opened it: as long as that goes on, nobody else opens one of this name. */
  opener: processRecord.optional(),
  network: networkRecord.optional(),
  cache: processRecord.optional(),
  hosts: z.record(z.string(), hostRecord),
})

type LabRecord = z.infer<typeof labRecord>

const CACHE_PORT = 3142

export interface LabOptions {
  /** A short word; labs of different names run side by side. */
  name: string
  hosts: readonly string[]
  /** Those of the hosts that every other can look up by name from the start. */
  known?: readonly string[]
  note?: (text: string) => void
}

export interface Lab {
  readonly name: string
  readonly network: Network
  host(name: string): DebianHost
  /** Switches all hosts off and on again, and waits until they are up. */
  reboot(): Promise<void>
  /** Powers everything off and takes it all away. */
  close(): Promise<void>
}

/** Makes and boots the hosts of a lab, one after the other, each step written down before it is taken; what an earlier lab of that name left is ended first. */
export async function openLab({ name, hosts, known = [], note = () => {} }: LabOptions): Promise<Lab> {
  await ensureTools(note)
  await requireFree(name)
  await closeLab(name)
  const image = await baseImage(note)
  await mkdir(labFolder(name), { recursive: true })
  const record: LabRecord = { opener: await recordOf(process.pid), hosts: {} }
  try {
    const network = await freeNetwork()
    record.network = network
    await save(name, record)
    await makeNetwork(network)
    record.cache = await startCache(name, network)
    await save(name, record)
    const names = Object.fromEntries(known.map((each) => [each, addressOf(network, hosts.indexOf(each))]))
    for (const [number, each] of hosts.entries()) {
      const folder = join(labFolder(name), 'hosts', each)
      const proxy = `http://${gatewayOf(network)}:${CACHE_PORT}`
      const birth = { name: each, number, network, image, folder, known: names, proxy }
      const write = async (host: HostRecord): Promise<HostRecord> => {
        record.hosts[each] = host
        await save(name, record)
        return host
      }
      const host = await write(conceive(birth))
      await makeDisk(birth, host)
      await write(await booted(await write(await powerOn(host, name, network))))
      note(`${each} is up at ${host.address}`)
    }
    return labOf(name, record)
  } catch (error) {
    await closeLab(name)
    throw error
  }
}

async function requireFree(name: string): Promise<void> {
  const opener = (await load(name))?.opener
  if (opener === undefined || opener.pid === process.pid || !(await isAlive(opener))) return
  throw new UserError('lab-in-use', `The hosts of '${name}' are in use by process ${opener.pid}.`, {
    hint: 'Wait until it has ended, or end it.',
  })
}

/** A lab that an earlier process opened. */
export async function findLab(name: string): Promise<Lab> {
  const record = await load(name)
  if (record === undefined) {
    throw new UserError('no-lab', `There are no hosts of '${name}'.`, { hint: 'Bring them up first.' })
  }
  return labOf(name, record)
}

/** Ends all that a lab of this name has, whoever opened it and however far that came. */
export async function closeLab(name: string): Promise<void> {
  const record = await load(name)
  if (record === undefined) return
  const all = Object.values(record.hosts)
  await Promise.all(all.map(powerOff))
  for (const host of all) await removeDisk(host)
  if (record.cache !== undefined) await endProcess(record.cache, 'SIGTERM', 5000)
  if (record.network !== undefined) await removeNetwork(record.network)
  await rm(labFolder(name), { recursive: true, force: true })
}

/** Does something with all hosts at once, and writes down how they are then. */
async function withAll({ hosts }: LabRecord, step: (host: HostRecord) => Promise<HostRecord>): Promise<void> {
  const done = await Promise.all(Object.entries(hosts).map(async ([each, host]) => [each, await step(host)]))
  Object.assign(hosts, Object.fromEntries(done))
}

function labOf(name: string, record: LabRecord): Lab {
  const { network } = record
  if (network === undefined) throw new UserError('half-a-lab', `The hosts of '${name}' were never all up.`)
  return {
    name,
    network,
    host(wanted) {
      const found = record.hosts[wanted]
      if (found === undefined) throw new UserError('no-host', `The lab '${name}' has no host '${wanted}'.`)
      return new DebianHost(found)
    },
    async reboot() {
      for (const step of [powerOff, (host: HostRecord) => powerOn(host, name, network), booted]) {
        await withAll(record, step)
        await save(name, record)
      }
    },
    close: () => closeLab(name),
  }
}

async function startCache(lab: string, network: Network): Promise<ProcessRecord> {
  const log = await open(join(labFolder(lab), 'package-cache.log'), 'a')
  const program = fileURLToPath(new URL('package-cache.ts', import.meta.url))
  const words = [program, gatewayOf(network), String(CACHE_PORT), join(cacheFolder(), 'packages')]
  const child = spawn(process.execPath, words, { detached: true, stdio: ['ignore', log.fd, log.fd] })
  child.unref()
  await log.close()
  if (child.pid === undefined) throw new Error('The package cache could not be started.')
  return recordOf(child.pid)
}

async function load(lab: string): Promise<LabRecord | undefined> {
  const text = await readFile(join(labFolder(lab), 'lab.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : labRecord.parse(JSON.parse(text))
}

async function save(lab: string, record: LabRecord): Promise<void> {
  const file = join(labFolder(lab), 'lab.json')
  await writeFile(`${file}.new`, JSON.stringify(record, null, 2))
  await rename(`${file}.new`, file)
}
