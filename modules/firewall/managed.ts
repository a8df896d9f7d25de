import { anything, args, type ArgsOf, text, texts } from '../../core/module/args.ts'
import { change, ChangeFailed, type Change } from '../../core/module/change.ts'
import { digestOf } from '../../core/module/digest.ts'
import type { Host } from '../../core/module/host.ts'
import { readText } from '../../core/module/read_text.ts'
import { state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { UserError } from '../../core/errors.ts'
import { openingsOf } from './opening.ts'
import { rulesetOf } from './ruleset.ts'

const wanted = () =>
  args({
    name: text("The table of nftables that is Butler's; other tables are left alone."),
    open: anything(
      'By name: `ports` (`5432`, `8301/udp`, `8000-8010`), and `from`, the addresses and networks that may reach them; ' +
        'without `from`, everybody may.',
    ),
    rules: texts('Rules of your own, in the words of nftables, before all others: `ip saddr 192.0.2.7 drop`.').default(
      [],
    ),
    reach: texts(
      'Addresses with ports, such as `10.0.0.2:4510`, that this machine must reach afterwards if it does now. If not, the ' +
        'rules that were there come back.',
    ).default([]),
    folder: text('Where the rules lie, for the next start of the machine to load.').default('/etc/nftables.d'),
  })

type Want = ArgsOf<typeof wanted>

export const managed = state({
  summary: 'The firewall lets in what is named here and nothing else; what this machine asks for itself is answered.',
  args: wanted,
  reports: { rules: 'The rules before and after; `loaded again` when only the kernel had others.' },
  example: `
    butler:
      firewall.managed:
        - open:
            ssh: { ports: [22] }
            postgresql: { ports: [5432], from: [10.0.0.0/24] }
        - reach: ['10.0.0.2:4510']
  `,
  makes: (want) => [{ kind: 'path', name: fileOf(want) }],
  async *plan(view, want) {
    const ruleset = rulesetOf(want.name, openingsOf(want.open), want.rules)
    const had = await readText(view, fileOf(want))
    if (had === ruleset && (await isLoaded(view, want))) return 'The firewall is as it should be'
    await check(view, ruleset)
    const shows = had === ruleset ? 'loaded again' : { old: had ?? '', new: ruleset }
    yield loading(want, had, ruleset, shows)
    return ''
  },
})

function fileOf({ folder, name }: Want): string {
  return `${folder}/${name}.nft`
}

/** What the kernel listed after the rules were loaded: the same again, and nobody has touched them. */
function markOf({ folder, name }: Want): string {
  return `${folder}/${name}.loaded`
}

async function isLoaded(view: View, want: Want): Promise<boolean> {
  const mark = await readText(view, markOf(want))
  return mark !== undefined && mark.trim() === (await listed(view, want))
}

/** A digest of the table as the kernel has it; nothing when it has none. */
async function listed(view: View, { name }: Want): Promise<string | undefined> {
  const { exitCode, stdout } = await view.query(['nft', '--stateless', 'list', 'table', 'inet', name])
  if (exitCode === 127) throw noNft(view)
  return exitCode === 0 ? digestOf('sha256', stdout) : undefined
}

async function check(view: View, ruleset: string): Promise<void> {
  const { exitCode, stderr } = await view.query(['nft', '--check', '--file', '-'], { input: ruleset })
  if (exitCode === 127) throw noNft(view)
  if (exitCode !== 0) throw new UserError('bad-rules', `nft does not take these rules: ${stderr.trim()}`)
}

function noNft(view: View): UserError {
  view.missing({ kind: 'package', name: 'nftables' })
  return new UserError('no-nft', 'This machine has no nft.', {
    hint: 'Install nftables with pkg.installed, and require that state here.',
  })
}

function loading(want: Want, had: string | undefined, ruleset: string, shows: Change['shows']): Change {
  return change('rules', shows, [{ kind: 'path', name: fileOf(want) }], async (host) => {
    const reached = await reachedFrom(host, want.reach)
    await load(host, ruleset)
    const lost = await lostOf(host, reached)
    if (lost.length > 0) {
      await load(host, had ?? `table inet ${want.name}\ndelete table inet ${want.name}\n`)
      throw new ChangeFailed(`With these rules ${lost.join(', ')} could not be reached: the ones before are back.`, {
        hint: 'Open what its answers need, or leave it out of `reach`.',
      })
    }
    await host.mkdir(want.folder, { parents: true })
    await host.write(fileOf(want), ruleset, { mode: '0600', user: 'root', group: 'root' })
    await host.write(markOf(want), `${(await listed(host, want)) ?? ''}\n`, { mode: '0600' })
  })
}

async function load(host: Host, ruleset: string): Promise<void> {
  await host.run(['nft', '--file', '-'], { input: ruleset, check: true })
}

/** Those that answer; whoever is down anyway says nothing about the rules. */
async function reachedFrom(host: Host, addresses: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(addresses.map((address) => isReached(host, address)))
  return addresses.filter((_, index) => answers[index])
}

const ATTEMPTS = 3

async function lostOf(host: Host, addresses: readonly string[]): Promise<string[]> {
  let lost: string[] = [...addresses]
  for (let attempt = 0; attempt < ATTEMPTS && lost.length > 0; attempt++) {
    const reached = await reachedFrom(host, lost)
    lost = lost.filter((address) => !reached.includes(address))
  }
  return lost
}

/** Opens a connection of its own: one that stands already says nothing about new ones. */
async function isReached(host: Host, address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':')
  const [machine, port] = [address.slice(0, colon).replace(/^\[(.*)\]$/u, '$1'), address.slice(colon + 1)]
  const connect = ['timeout', '3', 'bash', '-c', 'exec 3<>"/dev/tcp/$0/$1"', machine, port] as const
  return (await host.query(connect)).exitCode === 0
}
