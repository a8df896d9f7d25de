import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { type Key, type KeyFile, keyFileOf, lineOf, parseKey, readKeys, withKey } from './keys.ts'
import { keyArgs, keysOf } from './wanted.ts'

export const present = state({
  summary: 'By this key one may log in as the user, by ssh.',
  args: keyArgs,
  reports: { '<key>': '`New` or `Updated`, by the comment of the key.' },
  example: `
    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000 operator:
      ssh_auth.present:
        - user: root
  `,
  makes: () => [],
  async *plan(view, want) {
    const where = await keyFileOf(view, want.user, want.config)
    const text = await readKeys(view, where)
    const changes = (await keysOf(view, want)).flatMap((key) => keyChange(where, text, key))
    return yield* planOf(changes, `The authorized host key is already present for user ${want.user}`)
  },
})

function keyChange(where: KeyFile, text: string, key: Key): Change[] {
  const has = text.split('\n').find((line) => parseKey(line)?.blob === key.blob)
  if (has === lineOf(key)) return []
  const shown = key.comment === '' ? key.blob.slice(-16) : key.comment
  return [
    change(shown, has === undefined ? 'New' : 'Updated', [{ kind: 'path', name: where.file }], async (host) => {
      const folder = where.file.slice(0, where.file.lastIndexOf('/'))
      if ((await host.stat(folder)) === undefined) {
        await host.mkdir(folder, { mode: '0700', parents: true })
        await host.chown(folder, where.user, undefined)
      }
      // Read again: several states of a run write to it, one after the other.
      const now = await readKeys(host, where)
      const isNew = (await host.stat(where.file)) === undefined
      await host.write(where.file, withKey(now, key.blob, key), isNew ? { mode: '0600', user: where.user } : {})
    }),
  ]
}
