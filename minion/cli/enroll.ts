import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { textOption, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { layoutOf, type Layout } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'
import { checkId } from '../../core/protocol/id.ts'
import {
  configFile,
  formatAddress,
  parseAddress,
  readConfig,
  type Address,
  type MinionConfig,
} from '../config/config.ts'

export const enroll: Command = {
  name: 'enroll',
  summary: 'Joins this machine to a master.',
  details:
    'Makes a key, sends a certificate request over TLS that is pinned to the CA, and keeps the certificate. Without a ' +
    'token it waits until the operator accepts it. It can be run again.',
  examples: [
    'butler-minion enroll --master master.example.org --ca-fingerprint 5f2c… --token bt-…',
    'butler-minion enroll --master 10.0.0.5:4510 --ca-fingerprint 5f2c… --id worker-1',
  ],
  options: [
    { flags: '--master <address>', summary: 'host or host:port; else `master` of minion.yaml' },
    { flags: '--ca-fingerprint <sha256>', summary: "Of the CA's certificate, as 'tokens create' prints it" },
    { flags: '--token <token>', summary: "A join token; without one the request waits for 'keys accept'" },
    { flags: '--id <id>', summary: 'The name of this minion; else `id` of minion.yaml, else the host name' },
  ],
  async run(call) {
    const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
    const wanted = wantedFrom(call, await readConfig(layout))
    const { enroll: join } = await import('../identity/enroll.ts')
    const fingerprint = await join({
      layout,
      ...wanted,
      token: textOption(call, 'token'),
      signal: call.io.interrupted,
      waiting: (shown) => {
        call.io.note(`Waiting until the operator accepts this key: ${shown}`)
        call.io.note(`On the master: butler-master keys accept ${wanted.id}`)
      },
    })
    await keepConfig(layout, wanted)
    call.io.data({ id: wanted.id, master: formatAddress(wanted.master), fingerprint })
    call.io.print(`'${wanted.id}' is a minion of ${formatAddress(wanted.master)} now.`)
    return EXIT.ok
  },
}

interface Wanted {
  id: string
  master: Address
  caFingerprint: string
}

/** The command line beside the configuration: what both say must be the same, since the agent reads only one of them. */
function wantedFrom(call: Call, config: MinionConfig): Wanted {
  const address = textOption(call, 'master')
  const given = address === undefined ? undefined : formatAddress(parseAddress(address))
  const master = one('master', config.master && formatAddress(config.master), given)
  if (master === undefined) throw missing('--master HOST', 'which master to join')
  const caFingerprint = textOption(call, 'caFingerprint') ?? config.caFingerprint
  if (caFingerprint === undefined) throw missing('--ca-fingerprint SHA256', 'how to know the right master')
  const id = one('id', config.id, textOption(call, 'id')) ?? hostname().toLowerCase()
  return { id: checkId(id), master: parseAddress(master), caFingerprint }
}

function one(name: string, configured: string | undefined, given: string | undefined): string | undefined {
  if (configured === undefined || given === undefined || configured === given) return given ?? configured
  throw new UserError(
    'other-than-configured',
    `minion.yaml has the ${name} '${configured}', the command line '${given}'.`,
    {
      hint: `Change '${name}' in minion.yaml, or leave the option out.`,
    },
  )
}

/** Writes down what the agent must know and the configuration does not say yet; what a person wrote stays as it is. */
async function keepConfig(layout: Layout, { master, caFingerprint }: Wanted): Promise<void> {
  const config = await readConfig(layout)
  const lines = [
    config.master === undefined ? `master: ${JSON.stringify(formatAddress(master))}\n` : '',
    config.caFingerprint === undefined ? `ca_fingerprint: ${JSON.stringify(caFingerprint)}\n` : '',
  ]
  if (config.master !== undefined) return
  mkdirSync(layout.config, { recursive: true })
  const file = configFile(layout)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  writeFileSync(file, `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines.join('')}`)
}

function missing(option: string, what: string): UserError {
  return new UserError('missing-option', `It was not said ${what}: ${option} is missing.`, {
    hint: "'butler-master tokens create' on the master prints the whole command.",
  })
}
