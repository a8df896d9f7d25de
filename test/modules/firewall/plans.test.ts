import t from 'tap'
import { ChangeFailed } from '../../../core/module/change.ts'
import type { Host } from '../../../core/module/host.ts'
import { inertMachine } from '../../../master/orchestrate/inert.ts'
import { managed } from '../../../modules/firewall/managed.ts'
import { openingsOf } from '../../../modules/firewall/opening.ts'
import { rulesetOf } from '../../../modules/firewall/ruleset.ts'
import { plannedOn, recordedView } from '../recorded.ts'

t.test('the rules: sets by family, one rule for each protocol, nothing for nobody', async (t) => {
  const openings = openingsOf({
    ssh: { ports: [22] },
    'a service': { ports: [5432, '8301/udp', '8000-8010/tcp'], from: ['10.0.0.0/24', 'fd00::1'] },
    nobody: { ports: [1], from: [] },
  })
  t.matchOnly(rulesetOf('butler', openings, ['ip saddr 192.0.2.7 drop']).split('\n'), [
    '# Written by Butler.',
    'table inet butler',
    'delete table inet butler',
    'table inet butler {',
    /^ {2}set ip_a_service_\w{6} \{ type ipv4_addr; .* elements = \{ 10\.0\.0\.0\/24 \}; \}$/u,
    /^ {2}set ip6_a_service_\w{6} \{ type ipv6_addr; .* elements = \{ fd00::1 \}; \}$/u,
    '  chain input {',
    '    type filter hook input priority filter; policy drop;',
    '    ip saddr 192.0.2.7 drop',
    '    ct state established,related accept',
    '    ct state invalid drop',
    '    iif lo accept',
    '    meta l4proto { icmp, icmpv6 } accept',
    '    udp sport 67 udp dport 68 accept',
    '    udp sport 547 udp dport 546 accept',
    '    tcp dport { 22 } accept comment "ssh"',
    /^ {4}ip saddr @ip_a_service_\w{6} tcp dport \{ 5432, 8000-8010 \} accept comment "a service"$/u,
    /^ {4}ip6 saddr @ip6_a_service_\w{6} tcp dport/u,
    /^ {4}ip saddr @ip_a_service_\w{6} udp dport \{ 8301 \} accept/u,
    /^ {4}ip6 saddr @ip6_a_service_\w{6} udp dport/u,
    '  }',
    '}',
    '',
  ])
})

for (const [open, wrong] of [
  [{ ssh: [22] }, "'ssh' is [22]"],
  [{ ssh: { ports: [0] } }, "'ssh: ports' is 0"],
  [{ ssh: { ports: ['22; accept'] } }, '22; accept'],
  [{ ssh: { ports: ['30-20'] } }, '30-20'],
  [{ ssh: { ports: [22], from: ['db-server'] } }, 'db-server'],
  [{ ssh: { ports: [22], form: [] } }, "'ssh: form'"],
  [{ 'x" accept': { ports: [22] } }, 'a name'],
  [[22], 'a map of names'],
] as const) {
  t.test(`refused, with the value: ${JSON.stringify(open)}`, async (t) => {
    t.throws(() => openingsOf(JSON.parse(JSON.stringify(open))), { code: 'bad-value', message: wrong })
  })
}

t.test('rules that nft does not take fail in the plan', async (t) => {
  const view = recordedView({ 'nft --check --file -': { exitCode: 1, stderr: 'syntax error' } })
  const plan = plannedOn(view, managed, { name: 'butler', open: {} })
  await t.rejects(plan, { code: 'bad-rules', message: /syntax error/u })
})

t.test('what is cut off comes back', async (t) => {
  const { loaded, host } = machine((ruleset) => !ruleset.includes('drop all'))
  const want = { name: 'butler', open: {}, rules: ['drop all'], reach: ['10.0.0.2:4510'] }
  const [loading] = (await plannedOn(host, managed, want)).changes
  await t.rejects(async () => loading?.apply(host), ChangeFailed)
  t.match(loaded, [/drop all/u, /^table inet butler\ndelete table inet butler\n$/u])
})

t.test('who was not reached before is not missed', async (t) => {
  const { loaded, host } = machine(() => false)
  const [loading] = (await plannedOn(host, managed, { name: 'butler', open: {}, reach: ['10.0.0.2:4510'] })).changes
  await loading?.apply(host)
  t.equal(loaded.length, 1)
})

const done = (exitCode: number) => Promise.resolve({ exitCode, stdout: '', stderr: '' })

/** A machine whose rules decide whether another one is reached. */
function machine(reaches: (ruleset: string) => boolean): { loaded: string[]; host: Host } {
  const loaded: string[] = []
  const host: Host = {
    ...inertMachine({}).host({}),
    ...recordedView({}),
    query: (argv) => done(argv[0] === 'timeout' ? (reaches(loaded.at(-1) ?? '') ? 0 : 1) : 0),
    run(_, options) {
      loaded.push(options?.input ?? '')
      return done(0)
    },
    write: () => Promise.resolve(),
    mkdir: () => Promise.resolve(),
  }
  return { loaded, host }
}
