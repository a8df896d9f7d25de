import { isMap } from '../../core/data.ts'
import { args, type ArgsOf, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { askAcl, asking, listAcl, tellAcl, textIn } from './acl.ts'

const wanted = () =>
  args({
    name: text("The policy's name: letters, digits, dashes and underscores."),
    rules: text("What it lets do, in Consul's own language (HCL or JSON)."),
    description: text('What it is for, for people.').default(''),
    ...asking,
  })

type Want = ArgsOf<typeof wanted>

export const policyPresent = state({
  summary: 'Consul has this policy, which tokens can be given.',
  args: wanted,
  reports: { policy: 'The policy, when it was made.', rules: 'Before and after.', description: 'Before and after.' },
  example: `
    reads:
      consul_policy.present:
        - rules: |
            node_prefix "" { policy = "read" }
            service_prefix "" { policy = "read" }
        - admin_token: {{secret 'consul/management.uuid'}}
  `,
  makes: ({ name }) => [{ kind: 'consul', name }],
  async *plan(view, want) {
    const policies = await listAcl(view, want.admin_token, 'policies')
    const listed = policies.find((policy) => textIn(policy, 'Name') === want.name)
    if (listed === undefined) {
      return yield* planOf([change('policy', { old: '', new: want.name }, made(want), write(want, 'policy'))], '')
    }
    const path = `policy/${textIn(listed, 'ID')}`
    const has = await askAcl(view, want.admin_token, path)
    const [rules, description] = isMap(has) ? [textIn(has, 'Rules'), textIn(has, 'Description')] : ['', '']
    const differing: [string, string, string][] = [
      ['rules', rules.trim(), want.rules.trim()],
      ['description', description, want.description],
    ]
    const changes = differing
      .filter(([, old, now]) => old !== now)
      .map(([key, old, now]) => change(key, { old, new: now }, made(want), write(want, path)))
    return yield* planOf(changes, `Policy ${want.name} is as it should be`)
  },
})

function write({ name, description, rules, admin_token: token }: Want, path: string): Change['apply'] {
  const body = { Name: name, Description: description, Rules: rules.trim() }
  return (host) => tellAcl(host, { token, path, method: 'PUT', body })
}

function made({ name }: Want) {
  return [{ kind: 'consul', name }] as const
}
