import t from 'tap'
import { lineOf, parseEntry, withEntry } from '../../../modules/mount/tables.ts'

const FSTAB = '# <file system> <mount point>\nUUID=1 / ext4 errors=remount-ro 0 1\n\nnas:/x /srv/a\\040place nfs ro\n'

t.test('spaces are written as \\040, and columns that are left out have their usual values', async (t) => {
  const entry = parseEntry('nas:/x /srv/a\\040place nfs ro')
  t.match(entry, { device: 'nas:/x', at: '/srv/a place', type: 'nfs', options: 'ro', dump: '0', pass: '0' })
  t.equal(entry && lineOf(entry), 'nas:/x\t/srv/a\\040place\tnfs\tro\t0\t0')
  t.equal(parseEntry('# remark'), undefined)
  t.equal(parseEntry('   '), undefined)
})

t.test('an entry takes its own place, and nothing else changes', async (t) => {
  const entry = { device: 'tmpfs', at: '/srv/a place', type: 'tmpfs', options: 'size=1M', dump: '0', pass: '0' }
  t.equal(withEntry(FSTAB, entry.at, entry), FSTAB.replace('nas:/x /srv/a\\040place nfs ro', lineOf(entry)))
  t.equal(withEntry(FSTAB, '/srv/a place', undefined), FSTAB.replace('nas:/x /srv/a\\040place nfs ro\n', ''))
  t.equal(withEntry('', entry.at, entry), `${lineOf(entry)}\n`)
})
