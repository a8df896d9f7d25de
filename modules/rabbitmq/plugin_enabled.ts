import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { isEnabled, switching } from './plugins.ts'

export const pluginEnabled = state({
  summary: 'The plugin of RabbitMQ is enabled.',
  args: () => args({ name: text('Its name, such as rabbitmq_management.') }),
  reports: { plugin: 'Disabled before, enabled after.' },
  example: `
    rabbitmq_management:
      rabbitmq_plugin.enabled: []
  `,
  async *plan(view, { name }) {
    if (await isEnabled(view, name)) return `Plugin ${name} is enabled`
    yield change('plugin', { old: 'disabled', new: 'enabled' }, [{ kind: 'broker', name: 'plugins' }], async (host) => {
      await host.run(switching(name, 'enable'), { check: true })
    })
    return ''
  },
})
