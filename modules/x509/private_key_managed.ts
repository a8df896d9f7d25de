import { requireGroup, requireUser } from '../../core/module/accounts.ts'
import { args, integer, mode, path, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { attributeChanges, ATTRIBUTE_REPORTS } from './attributes.ts'
import { publicKeyOf } from './key.ts'

export const privateKeyManaged = state({
  summary: 'An RSA key lies there, made on this machine; one that is there stays. It never leaves the machine.',
  args: () =>
    args({
      name: path('Where the key lies.'),
      bits: integer('How long it is made.').min(2048).max(4096).default(2048),
      user: text('Whose file it is.').optional(),
      group: text('Which group it belongs to.').optional(),
      mode: mode('Its permissions, in octal.').default('0600'),
    }),
  reports: { new: 'The path of a key that was made.', ...ATTRIBUTE_REPORTS },
  example: `
    /etc/rabbitmq/tls.key:
      x509.private_key_managed:
        - user: rabbitmq
  `,
  makes: (want) => [{ kind: 'path', name: want.name }],
  async *plan(view, want) {
    if (want.user !== undefined) await requireUser(view, want.user)
    if (want.group !== undefined) await requireGroup(view, want.group)
    const has = await view.stat(want.name)
    if (has !== undefined) {
      await publicKeyOf(view, want.name)
      const changes = attributeChanges(want.name, has, want)
      yield* changes
      return changes.length > 0 ? '' : `The key ${want.name} is there`
    }
    yield change('new', want.name, [{ kind: 'path', name: want.name }], async (host) => {
      const bits = `rsa_keygen_bits:${want.bits}`
      const { stdout } = await host.run(['openssl', 'genpkey', '-algorithm', 'RSA', '-pkeyopt', bits], { check: true })
      await host.write(want.name, stdout, { mode: want.mode, user: want.user, group: want.group })
      return { comment: `A new key was made: ${want.name}` }
    })
    return ''
  },
})
