import { textArgument, textOption, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { formatTable } from '../../core/cli/table.ts'
import type { KeyLine } from '../api/contract.ts'

const ID = { name: 'id', summary: 'The minion’s id' }

const list: Command = {
  name: 'keys list',
  isDefault: true,
  summary: 'List who may join: fingerprints, and the roles that each has or would get',
  examples: ['butler-master keys list', 'butler-master keys'],
  run: listKeys,
}

const accept: Command = {
  name: 'keys accept',
  summary: 'Let the minion with this key join',
  details: 'Compare the fingerprint with what `butler-minion status` shows on the machine itself.',
  arguments: [ID],
  options: [{ flags: '--fingerprint <hex>', summary: 'Which key, when several wait under this id: its first digits' }],
  examples: ['butler-master keys accept worker-3'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const fingerprint = textOption(call, 'fingerprint')
    const which = fingerprint === undefined ? {} : { fingerprint }
    return printKeys([await masterOf(call).call('keys.accept', { id: textArgument(call, 'id'), ...which })], call)
  },
}

const revoke: Command = {
  name: 'keys revoke',
  summary: 'End the minion’s connection at once, and let it in no more',
  arguments: [ID],
  examples: ['butler-master keys revoke worker-3'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    return printKeys([await masterOf(call).call('keys.revoke', { id: textArgument(call, 'id') })], call)
  },
}

const remove: Command = {
  name: 'keys delete',
  summary: 'Forget the minion and all its keys: whoever enrols next under this id is new',
  arguments: [ID],
  examples: ['butler-master keys delete worker-3'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const id = textArgument(call, 'id')
    await masterOf(call).call('keys.delete', { id })
    call.io.data({ id })
    call.io.print(`${id} is forgotten.`)
    return EXIT.ok
  },
}

export const keyCommands: readonly Command[] = [list, accept, revoke, remove]

async function listKeys(call: Call): Promise<ExitCode> {
  const { masterOf } = await import('./master.ts')
  return printKeys(await masterOf(call).call('keys.list', {}), call)
}

function printKeys(lines: readonly KeyLine[], call: Call): ExitCode {
  call.io.data(lines)
  const rows = lines.map(({ id, state, fingerprint, roles, expires }) => [
    id,
    state,
    fingerprint,
    expires?.slice(0, 10) ?? '',
    roles.join(', '),
  ])
  call.io.print(
    lines.length === 0
      ? 'No key is known yet.'
      : formatTable(['ID', 'STATE', 'FINGERPRINT (SHA-256)', 'EXPIRES', 'ROLES'], rows),
  )
  return EXIT.ok
}
