import { totalmem } from 'node:os'
import { known, textOf } from './family.ts'

/** In MiB. */
export function memory() {
  const swap = /^SwapTotal:\s+(?<kib>\d+) kB$/mu.exec(textOf('/proc/meminfo') ?? '')?.groups?.['kib']
  return known({
    mem_total: Math.floor(totalmem() / 1024 ** 2),
    swap_total: swap === undefined ? undefined : Math.floor(Number(swap) / 1024),
  })
}
