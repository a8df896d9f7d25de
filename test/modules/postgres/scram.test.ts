import t from 'tap'
import { digestOf } from '../../../core/module/digest.ts'
import { parseCsv } from '../../../modules/postgres/csv.ts'
import { isPassword, newScramVerifier, scramVerifier } from '../../../modules/postgres/scram.ts'
import { identifier, literal } from '../../../modules/postgres/sql.ts'

t.test('a verifier is made as RFC 7677 says', async (t) => {
  const salt = Uint8Array.from(atob('W22ZaJ0SNY7soEsUEjb6gQ=='), (character) => character.codePointAt(0) ?? 0)
  const verifier = await scramVerifier('pencil', salt, 4096)
  t.match(verifier, /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$.{44}:.{44}$/)
  // the keys of the RFC's example, checked by its server signature
  t.ok(verifier.endsWith(':wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='), verifier)
  t.ok(await isPassword(verifier, 'user', 'pencil'))
  t.notOk(await isPassword(verifier, 'user', 'pencils'))
})

t.test('the older form, and two verifiers of one password', async (t) => {
  const kept = `md5${digestOf('md5', 'passworduser')}`
  t.ok(await isPassword(kept, 'user', 'password'))
  t.notOk(await isPassword(kept, 'other', 'password'))
  const [one, other] = [await newScramVerifier('x'), await newScramVerifier('x')]
  t.not(one, other)
  t.ok(await isPassword(other, 'user', 'x'))
})

t.test('names and texts in SQL', async (t) => {
  t.equal(identifier('a"b'), '"a""b"')
  t.equal(literal("it's"), "'it''s'")
  t.equal(literal('a\\b'), " E'a\\\\b'")
})

t.test('CSV', async (t) => {
  t.strictSame(parseCsv('a,b\n1,"x, ""y""\nz"\n,\n'), [
    { a: '1', b: 'x, "y"\nz' },
    { a: '', b: '' },
  ])
  t.strictSame(parseCsv(''), [])
  t.strictSame(parseCsv('a\n'), [])
})
