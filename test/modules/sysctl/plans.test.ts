import t from 'tap'
import { present } from '../../../modules/sysctl/present.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const FILE = '/etc/sysctl.d/99-butler.conf'
const WANT = { name: 'net.ipv4.ip_local_port_range', value: '20000 60000' }

t.test('the kernel and the file, each by itself', async (t) => {
  const kernel = { 'sysctl -n -- net.ipv4.ip_local_port_range': '20000\t60000\n' }
  const both = recordedView(kernel, {}, { [FILE]: '-net/ipv4/ip_local_port_range = 20000 60000\n' })
  t.strictSame((await plannedOn(both, present, WANT)).changes, [], 'written in another way, it is the same')
  const onlyKernel = recordedView(kernel, {}, { [FILE]: '# net.ipv4.ip_local_port_range = 20000 60000\n' })
  t.strictSame(shownOf(await plannedOn(onlyKernel, present, WANT)), { config: { old: '', new: '20000 60000' } })
})

t.test('a setting that the kernel has not', async (t) => {
  const view = recordedView({ 'sysctl *': { exitCode: 255, stderr: 'cannot stat /proc/sys/x' } })
  await t.rejects(plannedOn(view, present, { name: 'x', value: '1' }), {
    code: 'unknown-setting',
    message: /'x'.*cannot stat/u,
  })
})
