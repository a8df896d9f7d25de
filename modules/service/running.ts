import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, seconds, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { planOf, state, type Plan } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { act, actToRun, readUnitFiles } from './act.ts'
import { bootChanges } from './boot.ts'
import { isActive, requireUnit, type Unit, unitName } from './unit.ts'

const wanted = () =>
  args({
    name: text('The service; `.service` is understood.'),
    enable: flag('Whether it starts with the machine. Else that stays as it is.').optional(),
    reload: flag(
      'When something that it watches changes, it reads its settings again instead of being restarted.',
    ).default(false),
    full_restart: flag('Restarts it even if it could reload.').default(false),
    no_block: flag('Does not wait until it is up.').default(false),
    unmask: flag('Takes a mask off first.').default(false),
    init_delay: seconds('How long to wait after a start before it is looked at.').optional(),
  })

type Want = ArgsOf<typeof wanted>

export const running = state({
  summary:
    'The service runs. When something that it watches changes, it is restarted, or reloaded if that is asked for.',
  args: wanted,
  reports: {
    running: 'What it did before and does after.',
    enabled: 'Whether it started with the machine before and after.',
    disabled: 'The same, when `enable` is false.',
    unmasked: 'The mask that was taken off.',
    'restarted|reloaded': 'True, when something that it watches changed.',
  },
  example: `
    dnsmasq:
      service.running:
        - enable: true
        - watch:
          - file: /etc/dnsmasq.conf
    /etc/dnsmasq.conf:
      file.managed:
        - contents: no-hosts
  `,
  makes: (want) => [{ kind: 'unit', name: unitName(want.name) }],
  async *plan(view, want) {
    const unit = await requireUnit(view, want.name)
    const start = isActive(unit) ? rereadChanges(unit) : [starting(unit, want)]
    const changes = [...unmasking(unit, want), ...bootChanges(unit, want.enable), ...start]
    return yield* planOf(changes, `The service ${want.name} is already running`)
  },
  watched: (view, want) => restarting(view, want),
})

function starting(unit: Unit, want: Want): Change {
  return change('running', { old: unit.active, new: 'active' }, [{ kind: 'unit', name: unit.name }], async (host) => {
    const after = await actToRun(host, 'start', unit.name, blocking(want))
    await waited(host, want)
    return { shows: { old: unit.active, new: after.active }, comment: `Started service ${want.name}` }
  })
}

async function* restarting(view: View, want: Want): Plan {
  const unit = await requireUnit(view, want.name)
  const verb = want.reload && !want.full_restart && isActive(unit) && unit.canReload ? 'reload' : 'restart'
  const done = `Service ${verb}ed`
  const restart = change(`${verb}ed`, true, [{ kind: 'unit', name: unit.name }], async (host) => {
    await actToRun(host, verb, unit.name, blocking(want))
    await waited(host, want)
    return { comment: done }
  })
  return yield* planOf([restart], '')
}

/** A unit file that changed is read again; that is no change of the service, so a watch still restarts it. */
function rereadChanges(unit: Unit): Change[] {
  if (!unit.needsReload) return []
  return [
    change('unit file', 'read again', [{ kind: 'unit', name: unit.name }], async (host) => {
      await readUnitFiles(host, unit.name)
      return { unchanged: true, comment: `systemd has read the unit file of ${unit.name} again` }
    }),
  ]
}

function unmasking(unit: Unit, want: Want): Change[] {
  if (unit.load !== 'masked') return []
  if (!want.unmask) {
    throw new UserError('masked-unit', `The service ${want.name} is masked.`, { hint: 'Add `unmask: true`.' })
  }
  return [
    change('unmasked', { old: 'masked', new: '' }, [], async (host) => {
      await act(host, 'unmask', unit.name)
    }),
  ]
}

function blocking(want: Want): string[] {
  return want.no_block ? ['--no-block'] : []
}

async function waited(host: Host, want: Want): Promise<void> {
  if (want.init_delay !== undefined) await host.run(['sleep', String(want.init_delay)])
}
