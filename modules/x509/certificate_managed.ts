import { requireGroup, requireUser } from '../../core/module/accounts.ts'
import { args, integer, mode, path, text, texts } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { attributeChanges, ATTRIBUTE_REPORTS } from './attributes.ts'
import { whyRenew } from './certificate.ts'
import { requirePublicKey } from './key.ts'

export const certificateManaged = state({
  summary:
    "A certificate of the master's CA for services lies there, for this key and these names. It is made anew when its " +
    'time is nearly over, or when key, names or CA are others.',
  args: () =>
    args({
      name: path('Where the certificate lies.'),
      private_key: path('The key that it is for: see x509.private_key_managed.'),
      subjectAltName: texts('DNS names and addresses of the service; the first is its common name.'),
      days_remaining: integer('Renewed when fewer days are left.').min(1).max(80).default(30),
      user: text('Whose file it is.').optional(),
      group: text('Which group it belongs to.').optional(),
      mode: mode('Its permissions, in octal.').default('0644'),
    }),
  reports: { certificate: 'The names in the new certificate, and why it was made.', ...ATTRIBUTE_REPORTS },
  example: `
    /etc/rabbitmq/tls.key:
      x509.private_key_managed: []
    /etc/rabbitmq/tls.crt:
      x509.certificate_managed:
        - private_key: /etc/rabbitmq/tls.key
        - subjectAltName: [rabbitmq.service.consul, job-queue]
        - require:
            - x509: /etc/rabbitmq/tls.key
  `,
  makes: (want) => [{ kind: 'path', name: want.name }],
  async *plan(view, want) {
    if (want.user !== undefined) await requireUser(view, want.user)
    if (want.group !== undefined) await requireGroup(view, want.group)
    const publicKey = await requirePublicKey(view, want.private_key)
    const wanted = { publicKey, names: want.subjectAltName, daysRemaining: want.days_remaining }
    const why = await whyRenew(view, want.name, wanted)
    if (why === undefined) {
      const has = await view.stat(want.name)
      const changes = has === undefined ? [] : attributeChanges(want.name, has, want)
      yield* changes
      return changes.length > 0 ? '' : `The certificate ${want.name} is good`
    }
    yield change(
      'certificate',
      `${want.subjectAltName.join(', ')} (${why})`,
      [{ kind: 'path', name: want.name }],
      async (host) => {
        const words = ['req', '-new', '-key', want.private_key, '-subj', `/CN=${idOf(host)}`] as const
        const { stdout } = await host.run(['openssl', ...words], { check: true })
        const certificate = await host.certify(stdout, want.subjectAltName)
        await host.write(want.name, certificate, { mode: want.mode, user: want.user, group: want.group })
        return { comment: `A new certificate was made: ${why}` }
      },
    )
    return ''
  },
})

/** The request is in this minion's name: what the certificate is for is asked for beside it. */
function idOf({ grains }: View): string {
  return typeof grains['id'] === 'string' ? grains['id'] : ''
}
