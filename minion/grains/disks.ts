import { existsSync, readdirSync } from 'node:fs'
import type { DataMap } from '../../core/data.ts'
import { textOf } from './family.ts'

/** Whole block devices, those that don't turn apart. */
export function disks(): DataMap {
  const folder = '/sys/block'
  if (!existsSync(folder)) return {}
  const names = readdirSync(folder).filter((name) => !/^(?:loop|ram|zram|dm-|md|sr|fd)\d/u.test(name))
  const turning = (name: string): boolean => textOf(`${folder}/${name}/queue/rotational`) === '1'
  return {
    disks: names.filter(turning).sort(),
    ssds: names.filter((name) => !turning(name)).sort(),
  }
}
