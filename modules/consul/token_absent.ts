import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { asking, listAcl, tellAcl, textIn } from './acl.ts'

export const tokenAbsent = state({
  summary: 'Consul knows no token of this name.',
  args: () => args({ name: text('What the token was for: its description in Consul.'), ...asking }),
  reports: { token: 'The token that was there.' },
  example: `
    agent of worker-9:
      consul_token.absent:
        - admin_token: {{secret 'consul/management.uuid'}}
  `,
  async *plan(view, { name, admin_token: token }) {
    const tokens = await listAcl(view, token, 'tokens')
    const ids = tokens.filter((each) => textIn(each, 'Description') === name).map((each) => textIn(each, 'AccessorID'))
    if (ids.length === 0) return `There is no token ${name}`
    yield change('token', { old: name, new: '' }, [{ kind: 'consul', name }], async (host) => {
      for (const id of ids) await tellAcl(host, { token, path: `token/${id}`, method: 'DELETE' })
    })
    return ''
  },
})
