import { UserError } from '../../core/errors.ts'
import { args, seconds, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import type { View } from '../../core/module/view.ts'
import { requireUnit } from './unit.ts'

const PROPERTIES = ['ActiveState', 'SubState', 'NRestarts', 'InvocationID', 'ActiveEnterTimestampMonotonic']

export const staysUp = fn({
  summary:
    'Answers how long the service has been up without a restart, in seconds. It waits until that is long enough, and ' +
    'fails when the service is down or goes down: one that crashes and is restarted again and again looks active.',
  args: () =>
    args({
      name: text('The unit: postgresql.'),
      for: seconds('How long it must have been up.').default(30),
    }),
  example: 'service.stays_up postgresql for=30',
  changes: false,
  async run(view, want) {
    const { name } = await requireUnit(view, want.name)
    const first = await lookAt(view, name)
    const left = want.for - first.upFor
    if (left <= 0) return Math.floor(first.upFor)
    await view.query(['sleep', String(Math.ceil(left))])
    const second = await lookAt(view, name)
    if (second.invocation === first.invocation) return Math.floor(second.upFor)
    throw new UserError('restarts', `${name} was restarted within ${want.for} s (${second.restarts} times so far).`, {
      hint: `Its log says why: journalctl -u ${name}`,
    })
  },
})

interface Look {
  /** Seconds. */
  upFor: number
  /** Another one at each start. */
  invocation: string
  restarts: number
}

async function lookAt(view: View, unit: string): Promise<Look> {
  const [shown, uptime] = await Promise.all([
    view.query(['systemctl', 'show', '--no-pager', `--property=${PROPERTIES.join(',')}`, '--', unit]),
    view.read('/proc/uptime'),
  ])
  const said = new Map(shown.stdout.split('\n').map((line) => splitOnce(line)))
  const active = said.get('ActiveState') ?? ''
  if (active !== 'active' && active !== 'reloading') {
    throw new UserError('service-down', `${unit} is ${active} (${said.get('SubState') ?? ''}).`, {
      hint: `Its log says why: journalctl -u ${unit}`,
    })
  }
  // Both count from the start of the machine; a machine that slept in between counts that as time up.
  const now = Number.parseFloat(new TextDecoder().decode(uptime ?? new Uint8Array()))
  return {
    upFor: now - Number(said.get('ActiveEnterTimestampMonotonic')) / 1e6,
    invocation: said.get('InvocationID') ?? '',
    restarts: Number(said.get('NRestarts') ?? 0),
  }
}

function splitOnce(line: string): readonly [string, string] {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}
