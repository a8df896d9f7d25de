import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DataMap } from '../../core/data.ts'
import { textOf } from './family.ts'

const VENDORS: Readonly<Record<string, string>> = { '0x10de': 'nvidia', '0x1002': 'amd', '0x8086': 'intel' }

/** Graphics processors, found by their PCI class: what decides which machines can run GPU tasks. */
export function pci(): DataMap {
  const folder = '/sys/bus/pci/devices'
  if (!existsSync(folder)) return {}
  const gpus = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((device) => textOf(join(device, 'class'))?.startsWith('0x03'))
    .map((device) => {
      const vendor = textOf(join(device, 'vendor')) ?? 'unknown'
      return { vendor: VENDORS[vendor] ?? vendor, model: textOf(join(device, 'device')) ?? 'unknown' }
    })
  return { gpus, num_gpus: gpus.length }
}
