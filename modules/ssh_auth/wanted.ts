import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, oneOf, source, text, texts } from '../../core/module/args.ts'
import type { View } from '../../core/module/view.ts'
import { type Key, parseKey } from './keys.ts'

export const keyArgs = () =>
  args({
    name: text('The key: a whole line, `ssh-ed25519 AAAA... name`, or its part in base64.'),
    user: text('Whose: this user may be logged in as by the key.'),
    enc: oneOf(
      ['ssh-rsa', 'ssh-ed25519', 'ssh-dss', 'ecdsa', 'ecdsa-sha2-nistp256'],
      'Its kind, when the name does not say.',
    ).default('ssh-rsa'),
    comment: text('A comment, when the name has none.').default(''),
    options: texts('What the key may be used for: `no-port-forwarding`, `from="10.0.0.0/24"`.').default([]),
    source: source('A file with keys, one a line, in place of the name.').optional(),
    config: text("Where they lie, in the user's home; `%h` is the home, `%u` the user.").default(
      '.ssh/authorized_keys',
    ),
  })

export type Want = ArgsOf<typeof keyArgs>

/** The keys that are meant; every one that is none is named. */
export async function keysOf(view: View, want: Want): Promise<Key[]> {
  if (want.source !== undefined) {
    const text = new TextDecoder().decode(await view.fetch(want.source))
    return text.split('\n').flatMap((line) => parseKey(line) ?? [])
  }
  return [keyOf(want.name, want)]
}

function keyOf(name: string, { enc, comment, options }: Want): Key {
  const given = parseKey(name) ?? (/^[A-Za-z0-9+/]{16,}=*$/u.test(name) ? parseKey(`${enc} ${name}`) : undefined)
  if (given === undefined) {
    throw new UserError('bad-key', `'${name.slice(0, 60)}' is no public key of ssh.`, {
      hint: 'Give the line of the file that ends in .pub: ssh-ed25519 AAAA... name',
    })
  }
  return {
    ...given,
    options: options.length === 0 ? given.options : options.join(','),
    comment: given.comment === '' ? comment : given.comment,
  }
}
