import { cpus } from 'node:os'
import { known, textOf } from './family.ts'

export function cpu() {
  const all = cpus()
  const flags = /^(?:flags|Features)\s*:\s*(?<flags>.*)$/mu.exec(textOf('/proc/cpuinfo') ?? '')?.groups?.['flags']
  return known({
    num_cpus: all.length,
    cpu_model: all[0]?.model.trim(),
    cpu_flags: flags?.split(' ').sort(),
  })
}
