import t from 'tap'
import type { LowChunk } from '../../core/compile/low.ts'
import { randomOf } from '../random.ts'
import { drawDamage } from './damage.ts'

function chunk(name: string, what: string, requisites: LowChunk['requisites'] = []): LowChunk {
  const at = { file: 'states/a.yaml', line: 1 }
  return {
    id: what,
    function: name,
    name: what,
    sls: 'a',
    args: { name: what },
    requisites,
    guards: {},
    options: {},
    at,
  }
}

t.test('a seed always draws the same damage, and all that it wakes must be mended', async (t) => {
  const chunks = [
    chunk('test.nop', 'nothing'),
    chunk('file.managed', '/etc/a.conf'),
    chunk('service.running', 'a', [{ kind: 'watch', targets: [1] }]),
    chunk('cmd.run', 'echo', [{ kind: 'onchanges', targets: [2] }]),
    chunk('service.running', 'b', [{ kind: 'require', targets: [1] }]),
  ]
  const drawn = Array.from({ length: 40 }, (_, seed) => drawDamage(chunks, randomOf(seed)))
  t.strictSame(
    drawn,
    Array.from({ length: 40 }, (_, seed) => drawDamage(chunks, randomOf(seed))),
  )
  const ofFile = drawn.find(({ line }) => line === "rm '/etc/a.conf'")
  t.strictSame(ofFile?.mends, ['/etc/a.conf file.managed', 'a service.running', 'echo cmd.run'])
  t.strictSame(drawn.find(({ line }) => line === "systemctl stop 'b'")?.mends, ['b service.running'])
})
