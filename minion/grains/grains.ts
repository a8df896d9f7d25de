import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Layout } from '../../core/cli/layout.ts'
import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { configFile, readConfig } from '../config/config.ts'
import { cpu } from './cpu.ts'
import { disks } from './disks.ts'
import type { Family } from './family.ts'
import { hardware } from './hardware.ts'
import { host } from './host.ts'
import { init } from './init.ts'
import { kernel } from './kernel.ts'
import { memory } from './memory.ts'
import { network } from './network.ts'
import { os } from './os.ts'
import { pci } from './pci.ts'
import { process } from './process.ts'
import { virtual } from './virtual.ts'

const FAMILIES: Readonly<Record<string, Family>> = {
  host,
  os,
  kernel,
  init,
  virtual,
  hardware,
  cpu,
  memory,
  network,
  disks,
  pci,
  process,
}

/**
 * The facts about this machine, under Salt's names. What stands in `grains.yaml` wins over what is found, and `grains`
 * of `minion.yaml` over both. Never fails: a family that can't be read is left out, and `note` is told why.
 */
export async function collectGrains(layout: Layout, note: (text: string) => void = () => {}): Promise<DataMap> {
  const found: DataMap = {}
  for (const [name, family] of Object.entries(FAMILIES)) {
    try {
      Object.assign(found, family())
    } catch (thrown) {
      note(`The grains '${name}' can't be read: ${reasonOf(thrown)}`)
    }
  }
  const own = await tolerant(() => grainsFile(layout), note)
  const configured = await tolerant(() => configuredGrains(layout), note)
  return { ...found, ...own, ...configured }
}

async function tolerant(read: () => Promise<DataMap>, note: (text: string) => void): Promise<DataMap> {
  try {
    return await read()
  } catch (thrown) {
    note(reasonOf(thrown))
    return {}
  }
}

/** `grains.yaml` beside the configuration. The YAML library is only loaded when there is one. */
async function grainsFile(layout: Layout): Promise<DataMap> {
  const file = join(layout.config, 'grains.yaml')
  if (!existsSync(file)) return {}
  const { parseYaml } = await import('../../core/text/yaml.ts')
  const { value } = parseYaml(readFileSync(file, 'utf8'), file)
  if (isMap(value)) return value
  throw new Error(`${file} is no map of grains.`)
}

async function configuredGrains(layout: Layout): Promise<DataMap> {
  if (!existsSync(configFile(layout))) return { id: hostname().toLowerCase() }
  const { id, grains } = await readConfig(layout)
  return { id: id ?? hostname().toLowerCase(), ...grains }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
