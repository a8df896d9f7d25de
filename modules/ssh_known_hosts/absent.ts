import { args } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { about, fingerprintOf, keyFor, nameIn, readKnownHosts, withoutHost, writeKnownHosts } from './file.ts'

export const absent = state({
  summary: 'No key of this machine is known to ssh.',
  args: () => args(about),
  reports: { key: 'Kinds and fingerprints of the keys that were there.' },
  example: `
    old.example.org:
      ssh_known_hosts.absent:
        - user: root
  `,
  makes: () => [],
  async *plan(view, want) {
    const file = await readKnownHosts(view, want)
    const name = nameIn(want)
    const known = file.lines.flatMap((line) => keyFor(line, name) ?? [])
    if (known.length === 0) return yield* planOf([], `Host ${want.name} is not in ${file.path}`)
    const old = known.map((key) => `${key.type} SHA256:${fingerprintOf(key, 'sha256')}`).join(', ')
    yield change('key', { old, new: '' }, [{ kind: 'path', name: file.path }], async (host) => {
      const now = await readKnownHosts(host, want)
      const kept = now.lines.flatMap((line) =>
        keyFor(line, name) === undefined ? [line] : (withoutHost(line, name) ?? []),
      )
      await writeKnownHosts(host, now, kept)
    })
    return ''
  },
})
