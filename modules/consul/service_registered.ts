import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { anything, args, type ArgsOf, integer, text, texts } from '../../core/module/args.ts'
import { change, ChangeFailed } from '../../core/module/change.ts'
import { digestOf } from '../../core/module/digest.ts'
import type { Host } from '../../core/module/host.ts'
import { readText } from '../../core/module/read_text.ts'
import { state } from '../../core/module/state.ts'
import { until } from '../../core/module/until.ts'
import type { View } from '../../core/module/view.ts'
import { askAgent } from './agent.ts'
import { consul } from './program.ts'

const wanted = () =>
  args({
    name: text("The service's name: `postgresql` is found as `postgresql.service.consul`."),
    port: integer('Where it listens.'),
    tags: texts('Its tags.').default([]),
    token: text('The token with which the agent registers it, where Consul wants one; give it as a secret.').optional(),
    checks: anything("What tells whether it is well: a list, each as in Consul's service definitions.").default([]),
  })

type Want = ArgsOf<typeof wanted>

export const serviceRegistered = state({
  summary:
    'The Consul agent of this machine and the servers know the service with just these checks, and will after its next start.',
  args: wanted,
  reports: {
    service: 'The definition before and after; `read again` when only the agent or the servers did not know it yet.',
  },
  example: `
    postgresql:
      consul.service_registered:
        - port: 5432
        - checks:
            - name: accepts connections
              tcp: 127.0.0.1:5432
              interval: 5s
              timeout: 2s
  `,
  makes: (want) => [{ kind: 'path', name: fileOf(want) }],
  async *plan(view, want) {
    const file = fileOf(want)
    const definition = definitionOf(want)
    const had = await readText(view, file)
    if (had !== definition) {
      const shows = had === undefined ? { old: '', new: want.name } : { old: had, new: definition }
      yield change('service', shows, [{ kind: 'path', name: file }], async (host) => {
        await host.write(file, definition, want.token === undefined ? { mode: '0644' } : SECRET)
        await readAgain(host, want)
      })
      return ''
    }
    if ((await isKnown(view, want)) && (await isTaken(view, want))) return `Consul knows ${want.name}`
    // The file was written and the agent never read it, since a run was cut short; or the servers had refused it.
    yield change('service', 'read again', [], (host) => readAgain(host, want))
    return ''
  },
})

/**
 * How long the servers may take to hear of it, in seconds: an agent whose token they did not know when it started tries again
 * after 15 to 30 s, and tells nothing before.
 */
const TAKEN_WITHIN = 40

/** Has the agent read its definitions, and sees that the servers take this one: those that may not be, it only logs. */
async function readAgain(host: Host, want: Want): Promise<void> {
  await consul(host, ['reload'], want.token)
  if (await until(host, () => isTaken(host, want), { within: TAKEN_WITHIN, every: 0.2 })) return
  throw new ChangeFailed(`The agent knows ${want.name}, and Consul's servers did not take it from this machine.`, {
    hint:
      "Is there a leader (consul.has_leader), and may this machine's token write the service? In a cluster of Butler's " +
      "'butler-master orchestrate deploy' gives it what its roles need. The agent says why: journalctl -u consul",
  })
}

/** Whether the servers' catalogue has it just so. Without a leader there is no answer. */
async function isTaken(view: View, want: Want): Promise<boolean> {
  const found = await askAgent(view, `/v1/catalog/service/${encodeURIComponent(want.name)}`).catch(() => [])
  const entries = Array.isArray(found) ? found.filter(isMap) : []
  return entries.some(({ ServiceMeta }) => isMap(ServiceMeta) && ServiceMeta['butler'] === fingerprint(want))
}

/** Only the agent reads a definition that has a token in it. */
const SECRET = { mode: '0600', user: 'consul', group: 'consul' }

function fileOf({ name }: Want): string {
  return `/etc/consul.d/${name}.json`
}

function definitionOf(want: Want): string {
  return `${JSON.stringify({ service: { ...serviceOf(want), meta: { butler: fingerprint(want) } } }, null, 2)}\n`
}

function serviceOf({ name, port, tags, checks, token }: Want): DataMap {
  return { name, port, tags: [...tags], checks, ...(token === undefined ? {} : { token }) }
}

/** By it the agent's own answer shows which definition it has read. */
function fingerprint(want: Want): string {
  return digestOf('sha256', JSON.stringify(serviceOf(want))).slice(0, 16)
}

async function isKnown(view: View, want: Want): Promise<boolean> {
  const services = await askAgent(view, '/v1/agent/services').catch((error: unknown) => {
    view.missing({ kind: 'unit', name: 'consul.service' })
    throw error
  })
  const known = isMap(services) ? services[want.name] : undefined
  return isMap(known) && isMap(known['Meta']) && known['Meta']['butler'] === fingerprint(want)
}
