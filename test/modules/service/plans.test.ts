import t from 'tap'
import { dead } from '../../../modules/service/dead.ts'
import { disabled } from '../../../modules/service/disabled.ts'
import { enabled } from '../../../modules/service/enabled.ts'
import { running } from '../../../modules/service/running.ts'
import { parseShow, parseUnitFiles, unitName } from '../../../modules/service/unit.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const UP =
  'LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNeedDaemonReload=no\nCanReload=yes\nMainPID=42\n'
const DOWN = UP.replace('=active', '=inactive')
  .replace('=running', '=dead')
  .replace('=enabled', '=disabled')
  .replace('42', '0')
const STALE = UP.replace('NeedDaemonReload=no', 'NeedDaemonReload=yes')
const MISSING = 'LoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nNeedDaemonReload=no\n'

const FILES =
  'dnsmasq.service enabled enabled\npostgresql.service disabled enabled\npostgresql@.service indirect enabled\n'

function machine(show: string) {
  return recordedView({ 'systemctl show*': show, 'systemctl list-unit-files*': FILES })
}

t.test('what systemctl says', async (t) => {
  t.strictSame(parseShow('x.service', UP), {
    name: 'x.service',
    load: 'loaded',
    active: 'active',
    sub: 'running',
    file: 'enabled',
    needsReload: false,
    canReload: true,
    pid: 42,
  })
  t.strictSame(parseUnitFiles(FILES), ['dnsmasq.service', 'postgresql.service', 'postgresql@.service'])
  t.equal(unitName('apt-daily.timer'), 'apt-daily.timer')
  t.equal(unitName('a.b'), 'a.b.service')
})

t.test('service.running', async (t) => {
  const want = { name: 'dnsmasq', enable: true }
  t.match(await plannedOn(machine(UP), running, want), { changes: [], comment: /is already running/ })
  t.strictSame(shownOf(await plannedOn(machine(DOWN), running, want)), {
    enabled: { old: 'disabled', new: 'enabled' },
    running: { old: 'inactive', new: 'active' },
  })
  t.strictSame(shownOf(await plannedOn(machine(STALE), running, want)), { 'unit file': 'read again' })
  t.strictSame(shownOf(await plannedOn(machine(UP), running, { name: 'dnsmasq', enable: false })), {
    disabled: { old: 'enabled', new: 'disabled' },
  })
  const masked = UP.replace('=loaded', '=masked')
  await t.rejects(plannedOn(machine(masked), running, want), { code: 'masked-unit' })
})

t.test('service.running restarts, or reloads where that is asked for and works', async (t) => {
  t.strictSame(await watched(UP), { restarted: true })
  t.strictSame(await watched(UP, { reload: true }), { reloaded: true })
  t.strictSame(await watched(UP, { reload: true, full_restart: true }), { restarted: true })
  t.strictSame(await watched(UP.replace('CanReload=yes', 'CanReload=no'), { reload: true }), { restarted: true })
  t.strictSame(await watched(DOWN, { reload: true }), { restarted: true })
})

t.test('a unit that is not there', async (t) => {
  await t.rejects(plannedOn(machine(MISSING), running, { name: 'postgressql' }), {
    code: 'unknown-unit',
    hint: "Did you mean 'postgresql.service'?",
  })
  t.match(await plannedOn(machine(MISSING), dead, { name: 'x' }), { changes: [] })
  t.match(await plannedOn(machine(MISSING), disabled, { name: 'x' }), { changes: [] })
  await t.rejects(plannedOn(recordedView({}), running, { name: 'x' }), { code: 'no-systemd' })
})

t.test('dead, enabled, disabled', async (t) => {
  t.match(await plannedOn(machine(DOWN), dead, { name: 'x' }), { changes: [], comment: /is already dead/ })
  t.strictSame(shownOf(await plannedOn(machine(UP), dead, { name: 'x', enable: false })), {
    running: { old: 'active', new: 'inactive' },
    disabled: { old: 'enabled', new: 'disabled' },
  })
  t.match(await plannedOn(machine(UP), enabled, { name: 'x' }), { changes: [] })
  t.match((await plannedOn(machine(DOWN), enabled, { name: 'x' })).changes, [{ key: 'enabled' }])
  t.match((await plannedOn(machine(UP), disabled, { name: 'x' })).changes, [{ key: 'disabled' }])
  t.match(await plannedOn(machine(UP.replace('=enabled', '=static')), enabled, { name: 'x' }), { changes: [] })
})

async function watched(show: string, more = {}): Promise<Record<string, unknown>> {
  return shownOf(await plannedOn(machine(show), running, { name: 'x', ...more }, true))
}
