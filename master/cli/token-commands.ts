import { textArgument, textOption, textsOption, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { formatTable } from '../../core/cli/table.ts'
import { UserError } from '../../core/errors.ts'
import { parseDuration } from '../../core/text/duration.ts'
import type { TokenMade } from '../api/contract.ts'

const create: Command = {
  name: 'tokens create',
  summary: 'Make a join token, and print the line that installs and enrols a minion with it',
  options: [
    { flags: '--id <glob...>', summary: "Which ids it may enrol: 'worker-*'" },
    { flags: '--roles <role...>', summary: 'Roles that come with it, besides those of the role mapping' },
    { flags: '--uses <number>', summary: 'How many minions may enrol with it', default: '1' },
    { flags: '--expires <duration>', summary: 'How long it is good', default: '24h' },
  ],
  examples: [
    "butler-master tokens create --id 'worker-*' --roles worker --uses 50 --expires 24h",
    'butler-master tokens create --id db-server',
  ],
  run: createToken,
}

const list: Command = {
  name: 'tokens list',
  isDefault: true,
  summary: 'List the join tokens that are still good',
  examples: ['butler-master tokens list'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const lines = await masterOf(call).call('tokens.list', {})
    call.io.data(lines)
    const rows = lines.map(({ name, ids, roles, usesLeft, expires }) => [
      name,
      ids.join(', '),
      roles.join(', '),
      String(usesLeft),
      expires.slice(0, 19),
    ])
    call.io.print(
      lines.length === 0 ? 'No join token.' : formatTable(['NAME', 'IDS', 'ROLES', 'USES LEFT', 'EXPIRES (UTC)'], rows),
    )
    return EXIT.ok
  },
}

const revoke: Command = {
  name: 'tokens revoke',
  summary: 'Let nobody enrol with this token any more',
  arguments: [{ name: 'name', summary: 'The token’s name, as `tokens list` shows it' }],
  examples: ['butler-master tokens revoke brave-otter'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const name = textArgument(call, 'name')
    await masterOf(call).call('tokens.revoke', { name })
    call.io.data({ name })
    call.io.print(`Nobody can enrol with ${name} any more.`)
    return EXIT.ok
  },
}

export const tokenCommands: readonly Command[] = [create, list, revoke]

async function createToken(call: Call): Promise<ExitCode> {
  const { masterOf } = await import('./master.ts')
  const made = await masterOf(call).call('tokens.create', {
    ids: listIn(call, 'id'),
    roles: listIn(call, 'roles'),
    uses: usesOf(call),
    expiresMs: parseDuration(textOption(call, 'expires') ?? '24h'),
  })
  call.io.data(made)
  call.io.print(tokenText(made))
  return EXIT.ok
}

/** Commas and several values are the same. */
function listIn(call: Call, option: string): string[] {
  return textsOption(call, option).flatMap((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
}

function usesOf(call: Call): number {
  const text = textOption(call, 'uses') ?? '1'
  const uses = Number(text)
  if (Number.isInteger(uses) && uses > 0) return uses
  throw new UserError('bad-uses', `'${text}' is no number of uses.`)
}

function tokenText({ name, token, caFingerprint, master, install }: TokenMade): string {
  return [
    `Token:           ${token}`,
    `Name:            ${name}`,
    `Master:          ${master}`,
    `CA fingerprint:  ${caFingerprint}`,
    '',
    'It is shown this once. As root, on a machine that is to join:',
    '',
    install,
  ].join('\n')
}
