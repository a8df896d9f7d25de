import { change, type Change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { fileOf, loadedModules, modprobe, namesOf, wanted, type Want } from './modules.ts'

export const present = state({
  summary: 'The kernel has loaded these modules.',
  args: wanted,
  reports: { '<module>': '`loaded`.', 'at start': 'Modules that are loaded at every start from now on.' },
  example: `
    br_netfilter:
      kmod.present:
        - persist: true
  `,
  makes: () => [],
  async *plan(view, want) {
    const loaded = await loadedModules(view)
    const names = namesOf(want)
    const loading = names.filter((name) => !loaded.has(name))
    const changes = loading.map((name) => change(name, 'loaded', ['anything'], (host) => modprobe(host, ['--', name])))
    return yield* planOf([...changes, ...(await atStart(view, want))], `Loaded: ${names.join(', ')}`)
  },
})

async function atStart(view: View, want: Want): Promise<Change[]> {
  if (!want.persist) return []
  const texts = await Promise.all(
    namesOf(want).map(async (name) => [name, await readText(view, fileOf(name))] as const),
  )
  const missing = texts.filter(([name, text]) => text?.trim() !== name).map(([name]) => name)
  if (missing.length === 0) return []
  const makes = missing.map((name) => ({ kind: 'path' as const, name: fileOf(name) }))
  return [
    change('at start', missing, makes, async (host) => {
      await host.mkdir('/etc/modules-load.d', { parents: true })
      for (const name of missing) await host.write(fileOf(name), `${name}\n`, { mode: '0644' })
    }),
  ]
}
