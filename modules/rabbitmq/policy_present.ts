import { inKeyOrder } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { args, anything, integer, oneOf, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { policiesOf } from './policies.ts'
import { tell } from './rabbitmqctl.ts'

export const policyPresent = state({
  summary: 'The policy exists in a virtual host of RabbitMQ.',
  args: () =>
    args({
      name: text("The policy's name."),
      pattern: text('Which queues or exchanges, as a regular expression.'),
      definition: anything('What holds for them: a map, or JSON.'),
      priority: integer('The highest of those that match holds.').default(0),
      vhost: text('The virtual host.').default('/'),
      apply_to: oneOf(['all', 'queues', 'exchanges'], 'What it holds for.').default('all'),
    }),
  reports: { policy: 'Pattern, definition, kind and priority before and after.' },
  example: `
    short-lived:
      rabbitmq_policy.present:
        - vhost: butler_vhost
        - pattern: '^celeryev'
        - definition: { expires: 60000 }
  `,
  makes: () => [{ kind: 'broker', name: 'policies' }],
  async *plan(view, want) {
    const policies = await policiesOf(view, want.vhost)
    if (policies === undefined) {
      view.missing({ kind: 'broker', name: 'vhosts' })
      throw new UserError('no-vhost', `There is no virtual host '${want.vhost}' in RabbitMQ.`, {
        hint: 'Make it before, with rabbitmq_vhost.present, and require that.',
      })
    }
    const has = policies.get(want.name)
    const definition =
      typeof want.definition === 'string' ? want.definition : JSON.stringify(inKeyOrder(want.definition))
    const wants = [want.pattern, definition, want.apply_to, String(want.priority)].join(' ')
    const was =
      has && [has.pattern, JSON.stringify(inKeyOrder(has.definition)), has.applyTo, String(has.priority)].join(' ')
    if (was === wants) return `Policy ${want.name} is there`
    yield change('policy', { old: was ?? '', new: wants }, [{ kind: 'broker', name: 'policies' }], (host) => {
      const options = ['-p', want.vhost, '--priority', String(want.priority), '--apply-to', want.apply_to]
      return tell(host, ['set_policy', ...options, '--', want.name, want.pattern, definition])
    })
    return ''
  },
})
