import { inspect } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { Data } from '../../core/data.ts'
import { Secret, openSecrets, redactData, sealSecrets, secretMarker, secretNames } from '../../core/secret.ts'

t.test('a secret shows as dots wherever it could slip out', async (t) => {
  const secret = new Secret('hunter2')
  for (const shown of [String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ a: [secret] })]) {
    t.notMatch(shown, 'hunter2')
    t.match(shown, '••••')
  }
  t.equal(secret.reveal(), 'hunter2')
})

t.test('a marked text becomes pieces: the name stays, the value comes from elsewhere', async (t) => {
  const marked = `postgresql://butler:${secretMarker('postgres/butler')}@db/airflow`
  const sealed = sealSecrets({ url: marked, port: 5432, plain: 'x' })
  t.strictSame(sealed, {
    url: { $text: ['postgresql://butler:', { $secret: 'postgres/butler' }, '@db/airflow'] },
    port: 5432,
    plain: 'x',
  })
  t.strictSame([...secretNames(sealed)], ['postgres/butler'])
  const values = new Map([['postgres/butler', new Secret('p4ss')]])
  t.strictSame(openSecrets(sealed, values), { url: 'postgresql://butler:p4ss@db/airflow', port: 5432, plain: 'x' })
  t.throws(() => openSecrets(sealed, new Map()), /postgres\/butler/u)
})

t.test('what a program printed is shown without the secrets in it', async (t) => {
  const values = new Map([['a', new Secret('p4ss')]])
  t.strictSame(redactData({ stdout: 'login with p4ss ok', list: ['p4ss'], n: 1 }, values), {
    stdout: 'login with •••••••• ok',
    list: ['••••••••'],
    n: 1,
  })
})

t.test('property: sealing and opening gives back the data, with the values in place', async () => {
  const values = new Map([['name/x', new Secret('VALUE')]])
  const text = fc.array(fc.oneof(fc.string(), fc.constant(secretMarker('name/x')))).map((parts) => parts.join(''))
  const data = fc.oneof(text, fc.array(text), fc.dictionary(fc.stringMatching(/^[a-z]+$/u), text))
  fc.assert(
    fc.property(data, (value: Data) => {
      const expected = JSON.stringify(value).replaceAll(secretMarker('name/x'), 'VALUE')
      return JSON.stringify(openSecrets(sealSecrets(value), values)) === expected
    }),
  )
})
