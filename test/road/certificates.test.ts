import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RunReport } from '../../core/run/result.ts'
import { layoutOf } from '../../core/cli/layout.ts'
import { readIdentity } from '../../minion/identity/identity.ts'
import { makeRequest } from '../../minion/identity/request.ts'
import { postJson } from '../../minion/link/https.ts'
import { Town } from './town.ts'

const FILES = {
  'roles/mapping.yaml': "'*': [broker]\n",
  'roles/broker.yaml': 'states: [tls]\n',
  'states/tls.yaml': `
{{grains.home}}/tls.key:
  x509.private_key_managed: []
{{grains.home}}/tls.crt:
  x509.certificate_managed:
    - private_key: {{grains.home}}/tls.key
    - subjectAltName: [rabbitmq.service.consul, {{id}}, 10.0.0.5]
    - require: [{ x509: '{{grains.home}}/tls.key' }]
{{grains.home}}/ca.crt:
  x509.ca_managed: []
`,
}

t.test('certificates for services', async (t) => {
  const town = new Town(t, FILES)
  await town.startMaster()
  await town.join('w1')
  const file = (name: string): string => join(town.home('w1'), name)
  const certificate = (): X509Certificate => new X509Certificate(readFileSync(file('tls.crt')))
  const changed = async (...words: string[]): Promise<string[]> => {
    const ran = await town.master(...words, 'w1', '--json')
    const { targets, errors } = ran.json() as RunReport
    t.strictSame(errors, [])
    t.equal(targets['w1']?.cause, '')
    const results = targets['w1']?.results ?? []
    t.strictSame(
      results.filter(({ result }) => result === false),
      [],
    )
    return results
      .filter(({ changes }) => Object.keys(changes).length > 0)
      .map(({ name }) => name.split('/').at(-1) ?? '')
  }

  await t.test('planned, made, and then left as they are', async (t) => {
    t.strictSame(await changed('plan'), ['tls.key', 'ca.crt'], 'the certificate would be made after its key')
    t.strictSame(await changed('highstate'), ['tls.key', 'tls.crt', 'ca.crt'])
    t.strictSame(await changed('highstate'), [])
    t.equal(statSync(file('tls.key')).mode & 0o777, 0o600)
  })

  await t.test('it is for the names of the state, from a CA that is not the one of the minions', async (t) => {
    const ca = new X509Certificate(readFileSync(file('ca.crt')))
    t.ok(certificate().verify(ca.publicKey))
    for (const name of ['rabbitmq.service.consul', 'w1']) t.equal(certificate().checkHost(name), name)
    t.equal(certificate().checkIP('10.0.0.5'), '10.0.0.5')
    const identity = readIdentity(layoutOf({ root: town.minionRoot('w1') }))
    t.notOk(certificate().verify(new X509Certificate(identity.ca).publicKey))
  })

  await t.test('other names, a damaged file and a new key make a new one', async (t) => {
    const first = certificate().serialNumber
    town.source.commit({ 'states/tls.yaml': FILES['states/tls.yaml'].replace('10.0.0.5', '10.0.0.6') })
    await town.master('sources', 'update')
    t.strictSame(await changed('highstate'), ['tls.crt'])
    t.not(certificate().serialNumber, first)
    writeFileSync(file('tls.crt'), 'damaged')
    t.strictSame(await changed('highstate'), ['tls.crt'])
    await town.call('w1', 'cmd.run', `rm ${file('tls.key')}`)
    t.strictSame(await changed('highstate'), ['tls.key', 'tls.crt'])
  })

  await t.test('a minion gets no names that no open job gives it', async (t) => {
    const identity = readIdentity(layoutOf({ root: town.minionRoot('w1') }))
    const request = makeRequest('w1', identity.key)
    const port = Number(readFileSync(join(town.masterRoot, 'run/butler/master.port'), 'utf8'))
    const ask = (names: string[], asked = request) =>
      postJson({ host: '127.0.0.1', port }, '/certify', identity, { request: asked, names })
    await t.rejects(ask(['rabbitmq.service.consul', 'w1', '10.0.0.6']), { code: 'names-not-given' }, 'no job is open')
    await t.rejects(ask(['a b']), { code: 'bad-names' })
    await t.rejects(ask([]), { code: 'bad-names' })
    await t.rejects(ask(['w1'], makeRequest('w2', identity.key)), { code: 'bad-request' })
    const stranger = postJson({ host: '127.0.0.1', port }, '/certify', { ca: identity.ca }, { request, names: ['w1'] })
    await t.rejects(stranger, { code: 'not-admitted' })
  })
})

t.test('without a master there are none', async (t) => {
  const town = new Town(t, {})
  const words = ['--local', '--file-root', join(town.source.folder, 'states'), 'apply', 'tls', '--json']
  town.source.commit({ 'states/tls.yaml': '/nowhere/ca.crt:\n  x509.ca_managed: []\n' })
  const ran = await town.run('butler-call', words)
  t.equal(ran.code, 1)
  t.match(ran.json(), { targets: { local: { results: [{ comment: /no-master|there is none here/u }] } } })
})
