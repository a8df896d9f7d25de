import { machine, release, type, version } from 'node:os'
import { known, textOf } from './family.ts'

export function kernel() {
  const line = textOf('/proc/cmdline')
  return known({
    kernel: type(),
    kernelrelease: release(),
    kernelversion: version(),
    cpuarch: machine(),
    kernelparams: line?.split(/\s+/u).map((word) => {
      const [key = word, ...value] = word.split('=')
      return [key, value.length === 0 ? null : value.join('=')]
    }),
  })
}
