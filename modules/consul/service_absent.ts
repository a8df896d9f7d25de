import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { consul } from './program.ts'

export const serviceAbsent = state({
  summary: 'The Consul agent of this machine does not know the service.',
  args: () =>
    args({
      name: text("The service's name."),
      token: text('A token that lets the agent be told, where Consul wants one; give it as a secret.').optional(),
    }),
  reports: { service: 'The service that was there.' },
  example: `
    kapacitor:
      consul.service_absent: []
  `,
  async *plan(view, { name, token }) {
    const file = `/etc/consul.d/${name}.json`
    if ((await view.stat(file)) === undefined) return `Consul has no definition of ${name}`
    yield change('service', { old: name, new: '' }, [], async (host) => {
      await host.remove(file)
      await consul(host, ['reload'], token)
    })
    return ''
  },
})
