import t from 'tap'
import { parseLocks } from '../../../modules/pkg/dnf.ts'

t.test('a lock names a package with its epoch, version and release', async (t) => {
  t.strictSame(
    parseLocks('Last metadata expiration check\npostgresql-server-0:15.4-1.el9.*\nbutler-1:2-3.*\n'),
    new Set(['postgresql-server', 'butler']),
  )
})
