import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { asking, listAcl, tellAcl, textIn } from './acl.ts'

export const policyAbsent = state({
  summary: 'Consul has no policy of this name; tokens that had it lose it.',
  args: () => args({ name: text("The policy's name."), ...asking }),
  reports: { policy: 'The policy that was there.' },
  example: `
    reads:
      consul_policy.absent:
        - admin_token: {{secret 'consul/management.uuid'}}
  `,
  async *plan(view, { name, admin_token: token }) {
    const policies = await listAcl(view, token, 'policies')
    const id = policies.filter((policy) => textIn(policy, 'Name') === name).map((policy) => textIn(policy, 'ID'))[0]
    if (id === undefined) return `There is no policy ${name}`
    yield change('policy', { old: name, new: '' }, [{ kind: 'consul', name }], (host) =>
      tellAcl(host, { token, path: `policy/${id}`, method: 'DELETE' }),
    )
    return ''
  },
})
