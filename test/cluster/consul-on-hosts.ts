import type { Test } from 'tap'
import type { Lab } from '../hosts/lab.ts'
import { MASTER } from './hosts.ts'

/** The token that a machine's agent has. */
const OWN_TOKEN = String.raw`CONSUL_HTTP_TOKEN=$(sed -n 's/.*"agent": "\(.*\)",/\1/p' /etc/consul.d/butler.json)`

const DENIED = /403|Permission denied/u

/** Who may do what in Consul: everybody reads, an agent writes what is its own. */
export async function consulOnHosts(t: Test, lab: Lab): Promise<void> {
  const worker = lab.host('worker-1')

  await t.test('without a token one reads who is where, and writes nothing', async (t) => {
    t.match(await worker.must(['consul', 'catalog', 'services']), /^postgresql$/mu)
    for (const line of [
      'consul services register -name=postgresql -address=192.0.2.1 -port=5432',
      'consul kv put a b',
      'consul leave',
      'consul acl token list',
    ]) {
      const { exitCode, stderr, stdout } = await worker.run(['sh', '-c', line])
      t.not(exitCode, 0, line)
      t.match(`${stdout}${stderr}`, DENIED, line)
    }
  })

  await t.test("a machine's own token is good for the services of its roles, and for no other", async (t) => {
    const registering = (name: string): string => `${OWN_TOKEN} consul services register -name=${name} -id=test-${name}`
    const foreign = await worker.run(['sh', '-c', registering('postgresql')])
    t.match(`${foreign.stdout}${foreign.stderr}`, DENIED)
    const database = lab.host('db-server')
    t.match(await database.sh(registering('postgresql')), 'Registered service')
    await database.sh(`${OWN_TOKEN} consul services deregister -id=test-postgresql`)
  })

  await t.test('its pages, over TLS', async (t) => {
    const page = `curl -sS --cacert /etc/ssl/butler-ca.crt https://${MASTER}:8501/ui/`
    t.match(await worker.sh(page), '<title>Consul')
  })
}
