import { isMap, type DataMap } from '../../core/data.ts'
import { args, type ArgsOf, text, texts } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { askAcl, asking, listAcl, tellAcl, textIn } from './acl.ts'

const wanted = () =>
  args({
    name: text('What the token is for: its description in Consul, by which it is found again.'),
    secret: text('The token itself, a UUID; give it as a secret whose name ends in `.uuid`.'),
    policies: texts('The names of the policies that it has; others are taken away.'),
    ...asking,
  })

type Want = ArgsOf<typeof wanted>

export const tokenPresent = state({
  summary: 'Consul knows this token, with just these policies. One of the same name with another secret is replaced.',
  args: wanted,
  reports: {
    token: 'The token, when it was made; `replaced` when it had another secret.',
    policies: 'Before and after.',
    name: 'Before and after.',
  },
  example: `
    agent of db-server:
      consul_token.present:
        - secret: {{secret 'consul/db-server/agent.uuid'}}
        - policies: [agent-db-server]
        - admin_token: {{secret 'consul/management.uuid'}}
  `,
  makes: ({ name }) => [{ kind: 'consul', name }],
  async *plan(view, want) {
    const has = await askAcl(view, want.secret, 'token/self', want.name)
    if (!isMap(has)) {
      const tokens = await listAcl(view, want.admin_token, 'tokens')
      const old = tokens.filter((token) => textIn(token, 'Description') === want.name)
      return yield* planOf([creation(want, old)], '')
    }
    const path = `token/${textIn(has, 'AccessorID')}`
    const policies = namesOf(has['Policies'])
    const wants = [...want.policies].toSorted()
    const changes = [
      ...(policies.join(' ') === wants.join(' ')
        ? []
        : [change('policies', { old: policies, new: wants }, made(want), write(want, path))]),
      ...(textIn(has, 'Description') === want.name
        ? []
        : [change('name', { old: textIn(has, 'Description'), new: want.name }, made(want), write(want, path))]),
    ]
    return yield* planOf(changes, `Token ${want.name} is as it should be`)
  },
})

/** The new one comes first: who has it already is not kept waiting. */
function creation(want: Want, old: readonly DataMap[]): Change {
  const shows = old.length === 0 ? { old: '', new: want.name } : 'replaced'
  return change('token', shows, made(want), async (host) => {
    await write(want, 'token')(host)
    for (const token of old) {
      const path = `token/${textIn(token, 'AccessorID')}`
      await tellAcl(host, { token: want.admin_token, path, method: 'DELETE' })
    }
  })
}

function write({ name, secret, policies, admin_token: token }: Want, path: string): Change['apply'] {
  const body = { SecretID: secret, Description: name, Policies: policies.map((each) => ({ Name: each })) }
  return (host) => tellAcl(host, { token, path, method: 'PUT', body })
}

function namesOf(policies: DataMap[string] | undefined): string[] {
  return (Array.isArray(policies) ? policies.filter(isMap) : []).map((policy) => textIn(policy, 'Name')).toSorted()
}

function made({ name }: Want) {
  return [{ kind: 'consul', name }] as const
}
