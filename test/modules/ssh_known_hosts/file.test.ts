import t from 'tap'
import { fingerprintOf, keyFor, lineOf, nameIn, withoutHost } from '../../../modules/ssh_known_hosts/file.ts'
import { present } from '../../../modules/ssh_known_hosts/present.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const BLOB = 'AAAAC3NzaC1lZDI1NTE5AAAAIEWUmkJ2Ff5WGUPuz0LZ9PYjM/PMnRvMC0MuVUcJZkVf'
const KEY = { type: 'ssh-ed25519', blob: BLOB }
/** As `ssh-keygen -l` prints it, and with `-E md5`. */
const SHA256 = 'VeFiuZpXLVUR1kXRbWVnzHqV8TFC4GQ7AIkJ0yL4Bjk'

t.test('a machine is found under each of its names, and when its name is hashed', async (t) => {
  t.strictSame(keyFor(`a.example,b.example ssh-ed25519 ${BLOB} comment`, 'b.example'), KEY)
  t.equal(keyFor(`a.example ssh-ed25519 ${BLOB}`, 'example'), undefined)
  t.equal(keyFor('# a comment with words', 'comment'), undefined)
  t.equal(keyFor(`@revoked a.example ssh-ed25519 ${BLOB}`, 'a.example'), undefined)
  const name = nameIn({ name: 'git.example.org', port: 2222 })
  t.equal(name, '[git.example.org]:2222')
  const hashed = lineOf(name, KEY, true)
  t.match(hashed, /^\|1\|[\w+/]{27}=\|[\w+/]{27}= ssh-ed25519 /u)
  t.strictSame(keyFor(hashed, name), KEY)
  t.equal(keyFor(hashed, 'git.example.org'), undefined)
  t.equal(withoutHost(`a,b ssh-ed25519 ${BLOB} x`, 'a'), `b ssh-ed25519 ${BLOB} x`)
  t.equal(withoutHost(hashed, name), undefined)
})

t.test('a key that is given, one of another kind, and one that is not what its fingerprint says', async (t) => {
  const file = '/etc/ssh/ssh_known_hosts'
  const knowing = (text: string) => recordedView({}, {}, { [file]: text })
  const want = { name: 'a.example', key: `ssh-ed25519 ${BLOB}` }
  const fingerprint = fingerprintOf(KEY, 'sha256')
  t.strictSame(shownOf(await plannedOn(knowing(`a.example ssh-ed25519 ${BLOB}\n`), present, want)), {})
  t.strictSame(shownOf(await plannedOn(knowing(`a.example ssh-rsa ${BLOB}\n`), present, want)), {
    key: { old: '', new: `ssh-ed25519 SHA256:${fingerprint}` },
  })
  await t.rejects(plannedOn(knowing(''), present, { ...want, fingerprint: SHA256 }), { code: 'wrong-fingerprint' })
  t.match(await plannedOn(knowing(''), present, { ...want, fingerprint: `SHA256:${fingerprint}` }), { changes: [{}] })
  await t.rejects(plannedOn(knowing(''), present, { name: 'a.example', key: BLOB }), { code: 'bad-key' })
})

t.test('a machine that is asked: the kind and the fingerprint decide, and what is known is believed', async (t) => {
  const scan = `# a.example:22 SSH-2.0-OpenSSH_9.2\na.example ssh-rsa AAAAB3NzaC1yc2E=\na.example ssh-ed25519 ${BLOB}\n`
  const view = recordedView({ 'ssh-keyscan *': scan })
  const fingerprint = fingerprintOf(KEY, 'sha256')
  t.match(shownOf(await plannedOn(view, present, { name: 'a.example', fingerprint })), {
    key: { new: /^ssh-ed25519/u },
  })
  const md5 = { fingerprint: fingerprintOf(KEY, 'md5'), fingerprint_hash_type: 'md5' }
  t.match(md5.fingerprint, /^(?:[\da-f]{2}:){15}[\da-f]{2}$/u)
  t.match(shownOf(await plannedOn(view, present, { name: 'a.example', ...md5 })), { key: { new: /^ssh-ed25519/u } })
  await t.rejects(plannedOn(view, present, { name: 'a.example', fingerprint: SHA256 }), {
    code: 'wrong-fingerprint',
    message: /it has ssh-rsa SHA256:.*, ssh-ed25519 SHA256:/u,
  })
  await t.rejects(plannedOn(recordedView({ 'ssh-keyscan *': { exitCode: 1 } }), present, { name: 'a.example' }), {
    code: 'no-answer',
  })
  await t.rejects(plannedOn(recordedView({}), present, { name: 'a.example' }), { code: 'no-keyscan' })
})
