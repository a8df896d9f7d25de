import { args, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { isEnabled, switching } from './plugins.ts'

export const pluginDisabled = state({
  summary: 'The plugin of RabbitMQ is disabled.',
  args: () => args({ name: text('Its name, such as rabbitmq_management.') }),
  reports: { plugin: 'Enabled before, disabled after.' },
  example: `
    rabbitmq_management:
      rabbitmq_plugin.disabled: []
  `,
  async *plan(view, { name }) {
    if (!(await isEnabled(view, name))) return `Plugin ${name} is disabled`
    yield change('plugin', { old: 'enabled', new: 'disabled' }, [{ kind: 'broker', name: 'plugins' }], async (host) => {
      await host.run(switching(name, 'disable'), { check: true })
    })
    return ''
  },
})
