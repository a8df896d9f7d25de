import t from 'tap'
import { parseHealth } from '../../../modules/consul/health.ts'

t.test('by machine and check; what is no answer of Consul is nothing', async (t) => {
  const checks = [
    { Name: 'Serf Health Status', Status: 'passing', Output: 'Agent alive and reachable' },
    { Name: 'accepts connections', Status: 'critical', Output: 'connection refused\n' },
  ]
  t.strictSame(parseHealth([{ Node: { Node: 'db-server' }, Service: {}, Checks: checks }]), {
    'db-server': {
      'Serf Health Status': { status: 'passing', output: 'Agent alive and reachable' },
      'accepts connections': { status: 'critical', output: 'connection refused' },
    },
  })
  for (const odd of [undefined, null, 'x', [1], [{}]]) t.doesNotThrow(() => parseHealth(odd))
})
