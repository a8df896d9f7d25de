import t from 'tap'
import { parseMembers } from '../../../modules/consul/members.ts'

t.test('members are told by name, with what people ask for', async (t) => {
  const answer = [
    { Name: 'db-server', Addr: '192.0.2.11', Port: 8301, Tags: { role: 'consul', dc: 'butler' }, Status: 1 },
    { Name: 'worker-1', Addr: '192.0.2.13', Port: 8301, Tags: { role: 'node', dc: 'butler' }, Status: 4 },
  ]
  t.strictSame(parseMembers(answer), {
    'db-server': { address: '192.0.2.11', status: 'alive', server: true },
    'worker-1': { address: '192.0.2.13', status: 'failed', server: false },
  })
})

t.test('what is no list has no members', async (t) => {
  t.strictSame(parseMembers(null), {})
})
