import { existsSync } from 'node:fs'
import type { DataMap } from '../../core/data.ts'
import { textOf } from './family.ts'

/** Whether this is a container, a virtual machine, or a machine. */
export function virtual(): DataMap {
  return virtualOf({
    container: textOf('/run/systemd/container'),
    docker: existsSync('/.dockerenv'),
    cgroups: textOf('/proc/1/cgroup') ?? '',
    vendor: textOf('/sys/class/dmi/id/sys_vendor') ?? '',
    product: textOf('/sys/class/dmi/id/product_name') ?? '',
    hypervisor: /^flags\s*:.* hypervisor( |$)/mu.test(textOf('/proc/cpuinfo') ?? ''),
  })
}

interface Signs {
  /** What systemd was told by who started it: `systemd-nspawn`, `lxc`, `docker`. */
  container: string | undefined
  docker: boolean
  cgroups: string
  vendor: string
  product: string
  /** The processor says that something stands between it and this system. */
  hypervisor: boolean
}

const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/QEMU|KVM|Amazon EC2|Google|OpenStack|DigitalOcean|Hetzner|Scaleway/iu, 'kvm'],
  [/VMware/iu, 'VMware'],
  [/VirtualBox|innotek/iu, 'VirtualBox'],
  [/Microsoft Corporation Virtual/iu, 'HyperV'],
  [/Xen/iu, 'xen'],
  [/Parallels/iu, 'Parallels'],
]

export function virtualOf(signs: Signs): DataMap {
  const { container, docker, cgroups, vendor, product, hypervisor } = signs
  if (docker || container === 'docker' || /docker/u.test(cgroups)) {
    return { virtual: 'container', virtual_subtype: 'Docker' }
  }
  if (container !== undefined && container !== '') return { virtual: 'container', virtual_subtype: container }
  if (/lxc/u.test(cgroups)) return { virtual: 'container', virtual_subtype: 'LXC' }
  const known = VENDORS.find(([pattern]) => pattern.test(`${vendor} ${product}`))
  return { virtual: known?.[1] ?? (hypervisor ? 'kvm' : 'physical') }
}
