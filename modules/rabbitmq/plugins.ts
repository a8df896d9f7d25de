import { UserError } from '../../core/errors.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import { suggest } from '../../core/text/nearest.ts'
import type { View } from '../../core/module/view.ts'

const PROGRAM = 'rabbitmq-plugins'

export interface Plugins {
  /** All that could be enabled. */
  readonly known: readonly string[]
  /** Those that were enabled by name; what they need comes along by itself. */
  readonly enabled: readonly string[]
}

const plugins: Fact<Plugins> = fact({
  name: 'plugins of RabbitMQ',
  stale: ['broker', 'package'],
  async read(view) {
    const list = async (...words: string[]): Promise<string[]> => {
      const { exitCode, stdout, stderr } = await view.query([PROGRAM, 'list', '-m', '-q', ...words])
      if (exitCode === 127) throw new UserError('no-rabbitmqctl', 'This machine has no rabbitmq-plugins.')
      if (exitCode !== 0) throw new UserError('rabbitmqctl-failed', `rabbitmq-plugins failed: ${stderr.trim()}`)
      return stdout.split('\n').flatMap((line) => line.trim() || [])
    }
    return { known: await list(), enabled: await list('-E') }
  },
})

/** Throws when there is no plugin of this name. */
export async function isEnabled(view: View, name: string): Promise<boolean> {
  const { exitCode } = await view.query(['sh', '-c', `command -v ${PROGRAM}`])
  if (exitCode !== 0) view.missing({ kind: 'package', name: 'rabbitmq-server' })
  const { known, enabled } = await view.fact(plugins)
  if (known.includes(name)) return enabled.includes(name)
  throw new UserError('unknown-plugin', `RabbitMQ has no plugin ${name}.`, { hint: suggest(name, known) })
}

/** Works with a running broker and without; a running one takes it up at once. */
export function switching(name: string, to: 'enable' | 'disable'): [string, ...string[]] {
  return [PROGRAM, '-q', to, name]
}
