import { args, flag, path } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { parseEntry, withEntry } from './tables.ts'

const FSTAB = '/etc/fstab'

export const unmounted = state({
  summary: 'Nothing is mounted on the folder.',
  args: () =>
    args({
      name: path('The folder.'),
      persist: flag('Takes it out of /etc/fstab too.').default(false),
    }),
  reports: { umount: 'What was unmounted.', fstab: 'The folder, when its line was taken out.' },
  example: `
    /data/scratch:
      mount.unmounted:
        - persist: true
  `,
  makes: () => [],
  async *plan(view, { name, persist }) {
    const has = await deviceAt(view, '/proc/self/mounts', name)
    const isWritten = persist && (await deviceAt(view, FSTAB, name)) !== undefined
    const changes = [
      ...(has === undefined
        ? []
        : [
            change('umount', has, ['anything'], async (host) => {
              await host.run(['umount', '--', name], { check: true })
            }),
          ]),
      ...(isWritten
        ? [
            change('fstab', name, [{ kind: 'path', name: FSTAB }], async (host) => {
              await host.write(FSTAB, withEntry((await readText(host, FSTAB)) ?? '', name, undefined))
            }),
          ]
        : []),
    ]
    return yield* planOf(changes, `Nothing is mounted on ${name}`)
  },
})

async function deviceAt(view: View, file: string, name: string): Promise<string | undefined> {
  const entries = ((await readText(view, file)) ?? '').split('\n').flatMap((line) => parseEntry(line) ?? [])
  return entries.findLast(({ at }) => at === name)?.device
}
