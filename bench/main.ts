// `npm run bench -- --peers DIR --salt VENV [--pyinfra VENV] [WORKLOADS...]`: Butler and its peers on the same workloads, in
// one run and by one ruler. See bench/README.md.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stagedCall } from './agent.ts'
import { compile } from './compile.ts'
import { files } from './files.ts'
import { packages } from './packages.ts'
import { type Measured, Ruler } from './ruler.ts'
import { besidePeers } from './table.ts'

/** Who is measured beside each other. */
export interface Peers {
  ruler: Ruler
  /** The `butler-call` of a staged agent. */
  call: string
  /** Virtual environments with the peers in them. */
  salt: string
  pyinfra: string | undefined
}

const WORKLOADS: Readonly<Record<string, (peers: Peers) => Promise<Measured[]>>> = { files, compile, packages }

const { values, positionals } = parseArgs({
  options: { peers: { type: 'string' }, salt: { type: 'string' }, pyinfra: { type: 'string' } },
  allowPositionals: true,
})
const { peers, salt, pyinfra } = values
const asked = positionals.length === 0 ? Object.keys(WORKLOADS) : positionals
const unknown = asked.filter((name) => WORKLOADS[name] === undefined)
if (peers === undefined || salt === undefined || unknown.length > 0) {
  const which = unknown.length > 0 ? `error: there is no workload ${unknown.join(', ')}\n` : ''
  process.stderr.write(
    `${which}usage: npm run bench -- --peers DIR --salt VENV [--pyinfra VENV] [${Object.keys(WORKLOADS).join('|')}]...   (bench/README.md says what they are)\n`,
  )
  process.exit(2)
}
const work = await mkdtemp(join(tmpdir(), 'butler-bench-'))
try {
  const ruler = new Ruler(peers, work)
  const call = await stagedCall(work)
  for (const name of asked) {
    process.stdout.write(`${besidePeers((await WORKLOADS[name]?.({ ruler, call, salt, pyinfra })) ?? [])}\n\n`)
  }
} finally {
  await rm(work, { recursive: true, force: true })
}
