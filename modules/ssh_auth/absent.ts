import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { type Key, type KeyFile, keyFileOf, parseKey, readKeys, withKey } from './keys.ts'
import { keyArgs, keysOf } from './wanted.ts'

export const absent = state({
  summary: 'By this key nobody may log in as the user.',
  args: keyArgs,
  reports: { '<key>': '`Removed`, by the comment of the key.' },
  example: `
    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000 operator:
      ssh_auth.absent:
        - user: root
  `,
  makes: () => [],
  async *plan(view, want) {
    const where = await keyFileOf(view, want.user, want.config)
    const text = await readKeys(view, where)
    const changes = (await keysOf(view, want)).flatMap((key) => removal(where, text, key))
    return yield* planOf(changes, `The key is not there for user ${want.user}`)
  },
})

function removal(where: KeyFile, text: string, key: Key): Change[] {
  if (!text.split('\n').some((line) => parseKey(line)?.blob === key.blob)) return []
  const shown = key.comment === '' ? key.blob.slice(-16) : key.comment
  return [
    change(shown, 'Removed', [{ kind: 'path', name: where.file }], async (host) => {
      await host.write(where.file, withKey(await readKeys(host, where), key.blob, undefined))
    }),
  ]
}
