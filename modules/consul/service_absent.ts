import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'

export const serviceAbsent = state({
  summary: 'The Consul agent of this machine does not know the service.',
  args: () => args({ name: text("The service's name.") }),
  reports: { service: 'The service that was there.' },
  example: `
    kapacitor:
      consul.service_absent: []
  `,
  async *plan(view, { name }) {
    const file = `/etc/consul.d/${name}.json`
    if ((await view.stat(file)) === undefined) return `Consul has no definition of ${name}`
    yield change('service', { old: name, new: '' }, [], async (host) => {
      await host.remove(file)
      await host.run(['consul', 'reload'], { check: true })
    })
    return ''
  },
})
