import { UserError } from '../../core/errors.ts'
import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import type { Host } from '../../core/module/host.ts'
import { act, actToRun } from './act.ts'
import { isActive, isEnabled, requireUnit, unitFact, unitNames } from './unit.ts'

// Small functions about one service; each answers true when it worked, and fails with the service's last words.

const one = args({ name: text('The service; `.service` is understood.') })

/** Does something with a unit that must exist. */
async function doing(host: Host, name: string, verb: 'start' | 'restart' | 'reload'): Promise<boolean> {
  const unit = await requireUnit(host, name)
  await actToRun(host, verb, unit.name)
  return true
}

export const status = fn({
  summary: 'Answers whether the service runs.',
  args: one,
  example: 'service.status postgresql',
  changes: false,
  run: async (view, want) => isActive(await requireUnit(view, want.name)),
})

export const start = fn({
  summary: 'Starts the service.',
  args: one,
  example: 'service.start postgresql',
  changes: true,
  run: (host, want) => doing(host, want.name, 'start'),
})

export const restart = fn({
  summary: 'Restarts the service.',
  args: one,
  example: 'service.restart postgresql',
  changes: true,
  run: (host, want) => doing(host, want.name, 'restart'),
})

export const reload = fn({
  summary: 'Has the service read its settings again.',
  args: one,
  example: 'service.reload postgresql',
  changes: true,
  run: (host, want) => doing(host, want.name, 'reload'),
})

export const stop = fn({
  summary: 'Stops the service.',
  args: one,
  example: 'service.stop postgresql',
  changes: true,
  async run(host, want) {
    const unit = await requireUnit(host, want.name)
    const after = await act(host, 'stop', unit.name)
    if (isActive(after)) throw new UserError('still-running', `${unit.name} is still ${after.active}.`)
    return true
  },
})

export const enabled = fn({
  summary: 'Answers whether the service starts with the machine.',
  args: one,
  example: 'service.enabled postgresql',
  changes: false,
  run: async (view, want) => isEnabled(await requireUnit(view, want.name)),
})

export const available = fn({
  summary: 'Answers whether this machine has the service.',
  args: one,
  example: 'service.available postgresql',
  changes: false,
  run: async (view, want) => (await view.fact(unitFact(want.name))).load !== 'not-found',
})

export const getAll = fn({
  summary: 'Answers the names of all services of this machine.',
  args: args({}),
  example: 'service.get_all',
  changes: false,
  run: async (view) => (await unitNames(view)).filter((name) => name.endsWith('.service')).sort(),
})
