import t from 'tap'
import type { DataMap } from '../../../core/data.ts'
import { parseGroup } from '../../../modules/group/entry.ts'
import { present as groupPresent } from '../../../modules/group/present.ts'
import { absent } from '../../../modules/user/absent.ts'
import { parsePasswd } from '../../../modules/user/passwd.ts'
import { present } from '../../../modules/user/present.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const HASH = '$6$salt$hash'
const machine = recordedView({
  'getent passwd airflow': 'airflow:x:1001:1001:Air Flow,1,,:/home/airflow:/bin/bash\n',
  'getent passwd *': { exitCode: 2 },
  'id -Gn airflow': 'airflow old\n',
  'id -u airflow': '1001\n',
  'id -u *': { exitCode: 1 },
  'getent group airflow': 'airflow:x:1001:\n',
  'getent group old': 'old:x:5:airflow\n',
  'getent group new': 'new:x:6:\n',
  'getent group *': { exitCode: 2 },
  'getent shadow airflow': `airflow:${HASH}:20000:0:99999:7:::\n`,
  'openssl passwd -6 -salt salt -stdin': `${HASH}\n`,
})

t.test('what the user and group databases say', async (t) => {
  t.match(parsePasswd('a:x:1:2:Full Name,Room,1,2:/home/a:/bin/sh\n'), {
    name: 'a',
    uid: 1,
    gid: 2,
    fullname: 'Full Name',
    gecos: ['Room', '1', '2'],
    home: '/home/a',
    shell: '/bin/sh',
  })
  t.equal(parsePasswd(''), undefined)
  t.strictSame(parseGroup('g:x:5:a,b\n'), { name: 'g', gid: 5, members: ['a', 'b'] })
})

t.test('user.present', async (t) => {
  t.strictSame(await planned({}), {})
  t.strictSame(await planned({ uid: 1001, fullname: 'Air Flow', shell: '/bin/bash', groups: ['old'] }), {})
  t.strictSame(await planned({ shell: '/bin/sh', fullname: 'A', groups: ['new'] }), {
    fullname: { old: 'Air Flow', new: 'A' },
    shell: { old: '/bin/bash', new: '/bin/sh' },
    groups: { old: ['old'], new: ['new'] },
  })
  t.strictSame(await planned({ groups: ['new'], remove_groups: false }), {
    groups: { old: ['old'], new: ['new', 'old'] },
  })
  t.strictSame(await planned({ optional_groups: ['new', 'ghost'] }), { groups: { old: ['old'], new: ['new', 'old'] } })
  t.strictSame(await planned({ gid: 'new' }), { gid: { old: 1001, new: 6 } })
  await t.rejects(planned({ uid: 7 }), { code: 'uid-differs' })
  await t.rejects(planned({ groups: ['ghost'] }), { code: 'unknown-group' })
  const made = await plannedOn(machine, present, { name: 'fresh', home: '/srv/fresh' })
  t.match(made.changes, [
    { key: 'fresh', makes: [{ kind: 'user' }, { kind: 'group' }, { kind: 'path', name: '/srv/fresh' }] },
  ])
})

t.test('passwords', async (t) => {
  t.strictSame(await planned({ password: HASH }), {})
  t.strictSame(await planned({ password: '$6$other$hash' }), { password: 'changed' })
  t.strictSame(await planned({ password: '$6$other$hash', enforce_password: false }), {})
  t.strictSame(await planned({ password: 'plain', hash_password: true }), {})
  t.strictSame(await planned({ empty_password: true }), { password: 'removed' })
  await t.rejects(planned({ password: 'plain' }), { code: 'plain-password' })
})

t.test('user.absent and group.present', async (t) => {
  t.match(await plannedOn(machine, absent, { name: 'ghost' }), { changes: [] })
  t.strictSame(shownOf(await plannedOn(machine, absent, { name: 'airflow' })), { airflow: 'removed' })
  t.strictSame(shownOf(await plannedOn(machine, groupPresent, { name: 'old', gid: 5 })), {})
  t.strictSame(shownOf(await plannedOn(machine, groupPresent, { name: 'old', gid: 9, delusers: 'airflow' })), {
    gid: { old: 5, new: 9 },
    members: { old: ['airflow'], new: [] },
  })
  await t.rejects(plannedOn(machine, groupPresent, { name: 'old', members: ['ghost'] }), { code: 'unknown-user' })
})

async function planned(want: DataMap): Promise<Record<string, unknown>> {
  return shownOf(await plannedOn(machine, present, { name: 'airflow', ...want }))
}
