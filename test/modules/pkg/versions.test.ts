import { spawnSync } from 'node:child_process'
import t from 'tap'
import { apt } from '../../../modules/pkg/apt.ts'
import { compareDebianVersions } from '../../../modules/pkg/debian_version.ts'
import { compareRpmVersions } from '../../../modules/pkg/rpm_version.ts'
import { fits } from '../../../modules/pkg/wish.ts'

/** Each is older than the next. */
const DEBIAN = [
  '0.9~~',
  '0.9~beta',
  '0.9',
  '0.9+b1',
  '1.0~rc1-1',
  '1.0-1',
  '1.0-1+deb12u1',
  '1.0-1.1',
  '1.0-2',
  '1.0.1-1',
  '1.00000000000000000000002-1',
  '1.9-1',
  '1.10-1',
  '1.a-1',
  '1+a-1',
  '15+248',
  '15.4-0+deb12u1',
  '1:0.1',
  '2:0.0',
]

t.test('Debian versions', async (t) => {
  for (const [index, one] of DEBIAN.entries()) {
    t.equal(compareDebianVersions(one, one), 0, one)
    for (const other of DEBIAN.slice(index + 1)) {
      const order = Math.sign(compareDebianVersions(one, other))
      t.equal(order, dpkg(one, other) ?? -1, `${one} and ${other}`)
      t.equal(Math.sign(compareDebianVersions(other, one)), -order, `${other} and ${one}`)
    }
  }
  t.equal(compareDebianVersions('1.0-0', '1.0'), 0)
  t.equal(compareDebianVersions('0:1.0', '1.0'), 0)
})

/** What dpkg itself says, where it is installed: the list above is then no more than a list of versions. */
function dpkg(one: string, other: string): number | undefined {
  const holds = (operator: string): boolean | undefined => {
    const { status } = spawnSync('dpkg', ['--compare-versions', one, operator, other])
    return status === null ? undefined : status === 0
  }
  const isOlder = holds('lt')
  return isOlder === undefined ? undefined : isOlder ? -1 : holds('eq') ? 0 : 1
}

t.test('RPM versions', async (t) => {
  const sorted = [
    '1.a-1',
    '1.0~rc1-1',
    '1.0-1',
    '1.0^git1-1',
    '1.0.1-1',
    '1.9-1',
    '1.10-1',
    '1.10-2.el9',
    '1.10-10.el9',
    '1:0.1-1',
  ]
  for (const [index, one] of sorted.entries()) {
    for (const other of sorted.slice(index + 1)) {
      t.equal(Math.sign(compareRpmVersions(one, other)), -1, `${one} and ${other}`)
    }
  }
  t.equal(compareRpmVersions('15.4', '15.4-1.el9'), 0)
})

t.test('wishes', async (t) => {
  const yes: [string, string][] = [
    ['15.4-1', '15.4-1'],
    ['15.4-1', '15*'],
    ['15.4-1', '>=15,<16'],
    ['15.4-1', '!=15.3-1'],
    ['1:2.0', '1:2.0'],
  ]
  const no: [string, string][] = [
    ['15.4-1', '15.4'],
    ['15.4-1', '14*'],
    ['16.0', '>=15,<16'],
    ['15.4-1', '> 15.4-1'],
  ]
  for (const [has, wished] of yes) t.ok(fits(has, wished, apt), `${has} is ${wished}`)
  for (const [has, wished] of no) t.notOk(fits(has, wished, apt), `${has} is not ${wished}`)
})
