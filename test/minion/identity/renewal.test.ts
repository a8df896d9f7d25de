import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import forge from 'node-forge'
import t, { type Test } from 'tap'
import { Authority } from '../../../master/pki/authority.ts'
import { identityFiles, keepCertificate } from '../../../minion/identity/identity.ts'
import { lifetimeOf } from '../../../minion/identity/lifetime.ts'
import { AgentProcess } from '../loopback/agent-process.ts'
import { temporaryFolder } from '../loopback/folder.ts'
import { TestMaster } from '../loopback/test-master.ts'
import { until } from '../loopback/until.ts'

const DAY = 86_400_000

interface Aged {
  master: TestMaster
  minion: AgentProcess
  /** Answers a request as the master does: a new certificate for the key that signed it. */
  certify: (request: unknown) => { certificate: string; ca: string }
  /** The certificate on the minion's disk. */
  kept: () => string
}

/** A minion whose certificate was made some days ago. */
async function aged(t: Test, days: number): Promise<Aged> {
  const folder = temporaryFolder(t)
  const master = await TestMaster.start(folder)
  const minion = new AgentProcess(folder, master)
  t.teardown(() => master.stop())
  t.teardown(() => minion.kill())
  const files = identityFiles(minion.layout)
  const key = createPublicKey(createPrivateKey(readFileSync(files.key)))
  const then = await Authority.open(join(folder, 'pki'), () => Date.now() - days * DAY)
  keepCertificate(minion.layout, { certificate: then.certify('worker-1', key).certificate, ca: then.ca })
  return {
    master,
    minion,
    certify: (request) => {
      const parsed = forge.pki.certificationRequestFromPem(typeof request === 'string' ? request : '')
      t.ok(parsed.verify(), 'the request is signed by its key')
      t.equal(parsed.subject.getField('CN')?.value, 'worker-1')
      return { certificate: master.authority.certify('worker-1', key).certificate, ca: master.authority.ca }
    },
    kept: () => readFileSync(files.certificate, 'utf8'),
  }
}

t.test('after two thirds of its life it is renewed over the open connection', async (t) => {
  const { master, minion, certify, kept } = await aged(t, 21)
  master.answers = { renew: async ({ request }) => certify(request) }
  const before = kept()
  minion.start()
  await master.connected(1)
  await until('a new certificate', () => kept() !== before)
  t.ok(lifetimeOf(kept()).renewAt > Date.now() + 19 * DAY)
  t.ok(new X509Certificate(kept()).checkPrivateKey(createPrivateKey(readFileSync(identityFiles(minion.layout).key))))
  t.equal(master.hellos.length, 1)
})

t.test('before that it is left alone', async (t) => {
  const { master, minion, kept } = await aged(t, 10)
  const before = kept()
  minion.start()
  await master.connected(1)
  await minion.idle()
  t.equal(kept(), before)
})

t.test('an expired one is renewed by proof of the key, then the minion connects', async (t) => {
  const { master, minion, certify, kept } = await aged(t, 40)
  master.posts.set('/renew', (body) => certify(body['request']))
  minion.start()
  await master.connected(1)
  t.ok(lifetimeOf(kept()).endsAt > Date.now())
})

t.test('an expired one that the master does not renew: the log says why', async (t) => {
  const { master, minion } = await aged(t, 40)
  master.posts.set('/renew', () => ({ errors: [{ code: 'not-accepted', message: 'This key is not the one.' }] }))
  minion.start()
  await until('the reason in the log', () => minion.log.some((line) => line.includes('This key is not the one.')))
  t.strictSame(master.hellos, [])
})
