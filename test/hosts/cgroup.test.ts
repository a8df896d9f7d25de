import t from 'tap'
import { cgroupMounts } from './cgroup.ts'

t.test('finds the hierarchies that systemd keeps its units in', async (t) => {
  const hybrid = [
    'tmpfs /sys/fs/cgroup tmpfs rw,relatime 0 0',
    'cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0',
    'cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,name=systemd 0 0',
    'cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0',
  ].join('\n')
  t.strictSame(cgroupMounts(hybrid), ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'])
  t.strictSame(cgroupMounts('cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n'), ['/sys/fs/cgroup'])
  t.strictSame(cgroupMounts('proc /proc proc rw 0 0\n'), [])
})
