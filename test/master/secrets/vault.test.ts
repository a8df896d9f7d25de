import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSecretsKey } from '../../../master/secrets/key.ts'
import { Vault } from '../../../master/secrets/vault.ts'
import { openStore } from '../../../master/store/store.ts'
import { temporaryFolder } from '../repository.ts'

async function open(t: Test, folder = temporaryFolder(t)): Promise<{ vault: Vault; folder: string }> {
  const store = await openStore(join(folder, 'data'))
  t.teardown(() => store.destroy())
  return { vault: new Vault(store, openSecretsKey(join(folder, 'pki')), () => 1_700_000_000_000), folder }
}

t.test('a secret is made at random when it is first used, once', async (t) => {
  const { vault } = await open(t)
  const [one, other] = await Promise.all([vault.values(['a', 'b']), vault.values(['a'])])
  t.match(one, { a: /^[A-Za-z0-9]{32}$/u, b: /^[A-Za-z0-9]{32}$/u })
  t.not(one['a'], one['b'])
  t.equal(other['a'], one['a'], 'whoever asks at the same moment gets the same')
  t.same(await vault.list(), [
    { name: 'a', made: '2023-11-14T22:13:20.000Z', by: 'first use' },
    { name: 'b', made: '2023-11-14T22:13:20.000Z', by: 'first use' },
  ])
})

t.test('one whose name says so is a UUID', async (t) => {
  const { vault } = await open(t)
  const made = await vault.values(['consul/reader.uuid'])
  t.match(made, { 'consul/reader.uuid': /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u })
  t.same(await vault.values(['consul/reader.uuid']), made)
})

t.test('one that is set has that value; deleted, it is made anew', async (t) => {
  const { vault } = await open(t)
  await vault.set('aws/key', 'grüezi\n', 'operator')
  t.same(await vault.values(['aws/key']), { 'aws/key': 'grüezi\n' })
  t.match(await vault.list(), [{ by: 'operator' }])
  await vault.delete('aws/key')
  t.match(await vault.values(['aws/key']), { 'aws/key': /^[A-Za-z0-9]{32}$/u })
  await t.rejects(vault.delete('aws/kye'), { code: 'unknown-secret', hint: "Did you mean 'aws/key'?" })
  await t.rejects(vault.set('x', '', 'operator'), { code: 'empty-secret' })
  await t.rejects(vault.set('x', 'x'.repeat(70_000), 'operator'), { code: 'secret-too-large' })
  for (const name of ['', '../x', 'a b', 'x'.repeat(300)]) {
    await t.rejects(vault.values([name]), { code: 'bad-secret-name' })
  }
})

t.test('what lies on the disk tells nothing without the key', async (t) => {
  const folder = temporaryFolder(t)
  const { vault } = await open(t, folder)
  await vault.set('a', 'the value itself', 'operator')
  const key = join(folder, 'pki/secrets.key')
  t.equal(statSync(key).mode & 0o777, 0o600)
  for (const file of ['master.db', 'master.db-wal']) {
    t.notOk(readFileSync(join(folder, 'data', file)).includes('the value itself'), file)
  }
  const again = await open(t, folder)
  t.same(await again.vault.values(['a']), { a: 'the value itself' }, 'a restarted master can read it')

  writeFileSync(key, 'short')
  t.throws(() => openSecretsKey(join(folder, 'pki')), { code: 'bad-secrets-key' })
  rmSync(key)
  const without = await open(t, folder)
  await t.rejects(without.vault.values(['a']), { code: 'secret-unreadable', hint: /backup/u })
})
