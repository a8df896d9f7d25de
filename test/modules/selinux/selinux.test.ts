import t from 'tap'
import { boolean } from '../../../modules/selinux/boolean.ts'
import { mode } from '../../../modules/selinux/mode.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const CONFIG =
  '# This file controls the state of SELinux on the system.\n#SELINUX=disabled\nSELINUX=enforcing\nSELINUXTYPE=targeted\n'

const BOOLEANS = `SELinux boolean                State  Default Description

httpd_can_network_connect      (off  ,  off)  Allow httpd to can network connect
httpd_can_network_connect_db   (on   ,  off)  Allow httpd to can network connect db
nis_enabled                    (on   ,   on)  Allow nis to enabled
`

const machine = recordedView(
  { getenforce: 'Permissive\n', 'semanage boolean -l': BOOLEANS },
  {},
  {
    '/etc/selinux/config': CONFIG,
  },
)

async function modeOf(name: string): Promise<unknown> {
  return shownOf(await plannedOn(machine, mode, { name }))
}

async function valueOf(name: string, value: boolean, persist = false): Promise<unknown> {
  return shownOf(await plannedOn(machine, boolean, { name, value, persist }))
}

t.test('the mode now, and that of the next start', async (t) => {
  t.strictSame(await modeOf('enforcing'), { mode: { old: 'permissive', new: 'enforcing' } })
  t.strictSame(await modeOf('permissive'), { 'after the next start': { old: 'enforcing', new: 'permissive' } })
  t.strictSame(
    await modeOf('disabled'),
    { 'after the next start': { old: 'enforcing', new: 'disabled' } },
    'only a start switches it off',
  )
})

t.test('a boolean now, and after the next start', async (t) => {
  t.strictSame(await valueOf('httpd_can_network_connect', true, true), {
    value: { old: 'off', new: 'on' },
    'after the next start': { old: 'off', new: 'on' },
  })
  t.strictSame(await valueOf('httpd_can_network_connect_db', true), {})
  t.strictSame(await valueOf('httpd_can_network_connect_db', true, true), {
    'after the next start': { old: 'off', new: 'on' },
  })
  t.strictSame(await valueOf('nis_enabled', true, true), {})
  await t.rejects(valueOf('httpd_can_network', true), {
    code: 'no-boolean',
    hint: /httpd_can_network_connect|semanage/u,
  })
})

t.test('a machine without it', async (t) => {
  await t.rejects(plannedOn(recordedView({}), mode, { name: 'enforcing' }), { code: 'no-selinux' })
  await t.rejects(plannedOn(recordedView({}), boolean, { name: 'x', value: true }), { code: 'no-selinux' })
})
