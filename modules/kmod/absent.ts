import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { fileOf, loadedModules, modprobe, namesOf, wanted, type Want } from './modules.ts'

export const absent = state({
  summary: 'The kernel has not loaded these modules.',
  args: wanted,
  reports: { '<module>': '`removed`.', 'at start': 'Modules that are not loaded at the next start any more.' },
  example: `
    pcspkr:
      kmod.absent:
        - persist: true
  `,
  makes: () => [],
  async *plan(view, want) {
    const loaded = await loadedModules(view)
    const names = namesOf(want)
    const removing = names.filter((name) => loaded.has(name))
    const changes = removing.map((name) =>
      change(name, 'removed', ['anything'], (host) => modprobe(host, ['--remove', '--', name])),
    )
    return yield* planOf([...changes, ...(await atStart(view, want))], `Not loaded: ${names.join(', ')}`)
  },
})

async function atStart(view: View, want: Want): Promise<Change[]> {
  if (!want.persist) return []
  const files = await Promise.all(namesOf(want).map(async (name) => [name, await view.stat(fileOf(name))] as const))
  const there = files.filter(([, stat]) => stat !== undefined).map(([name]) => name)
  if (there.length === 0) return []
  return [
    change('at start', there, [], async (host) => {
      for (const name of there) await host.remove(fileOf(name))
    }),
  ]
}
