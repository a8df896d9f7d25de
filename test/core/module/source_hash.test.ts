import t from 'tap'
import { digestOf } from '../../../core/module/digest.ts'
import { digestFor, parseDigest } from '../../../core/module/source_hash.ts'

const SHA256 = digestOf('sha256', 'hello')
const MD5 = digestOf('md5', 'hello')

t.test('digests as people write them', async (t) => {
  t.match(parseDigest(SHA256), { name: 'sha256', hex: SHA256 })
  t.match(parseDigest(`md5=${MD5.toUpperCase()}`), { name: 'md5', hex: MD5 })
  t.match(parseDigest(`sha256:${SHA256}`), { name: 'sha256' })
  for (const wrong of ['', 'abc', `sha1=${MD5}`, 'https://example.org']) t.equal(parseDigest(wrong), undefined, wrong)
  t.ok(parseDigest(MD5)?.fits(new TextEncoder().encode('hello')))
})

t.test('files of digests', async (t) => {
  const other = digestOf('sha256', 'other')
  t.equal(digestFor(`${other}  other.tgz\n${SHA256} *dir/x.tgz\n`, 'x.tgz')?.hex, SHA256)
  t.equal(digestFor(`SHA256 (x.tgz) = ${SHA256}\n`, 'x.tgz')?.hex, SHA256)
  t.equal(digestFor(`${SHA256}\n`, 'x.tgz')?.hex, SHA256, 'one digest alone is for whatever is asked')
  t.equal(digestFor(`${SHA256}  a\n${other}  b\n`, 'x.tgz'), undefined)
})
