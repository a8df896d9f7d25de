import { textOption, type Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { formatTable } from '../../core/cli/table.ts'
import { TARGET, targetOf } from './target.ts'

const minions: Command = {
  name: 'minions',
  summary: 'List the minions: their roles, and who is connected',
  examples: ['butler-master minions', 'butler-master minions --json'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const lines = await masterOf(call).call('minions', {})
    call.io.data(lines)
    const rows = lines.map(({ id, connected, roles, lastSeen, address, version, waiting }) => [
      id,
      connected ? `connected${waiting === undefined ? '' : ` (also from ${waiting.join(', ')})`}` : 'away',
      lastSeen ?? 'never',
      address ?? '',
      version ?? '',
      roles.join(', '),
    ])
    call.io.print(
      lines.length === 0
        ? "No minion has joined yet. 'butler-master tokens create --help' shows how one does."
        : formatTable(['ID', 'STATE', 'LAST SEEN', 'ADDRESS', 'VERSION', 'ROLES'], rows),
    )
    return EXIT.ok
  },
}

const match: Command = {
  name: 'match',
  summary: 'Say which minions a target means',
  arguments: [TARGET],
  targets: true,
  options: [
    {
      flags: '--minions <file>',
      summary: 'Ask a file instead of the master: id -> grains and pillar, as JSON or YAML',
    },
  ],
  examples: ["butler-master match 'worker-*'", "butler-master match -C 'G@roles:worker and not worker-1' --json"],
  async run(call) {
    const file = textOption(call, 'minions')
    const ids =
      file === undefined
        ? (await (await import('./master.ts')).masterOf(call).call('match', { target: targetOf(call) })).ids
        : (await import('./match-file.ts')).matchFile(file, targetOf(call))
    call.io.data(ids)
    if (ids.length > 0) call.io.print(ids.join('\n'))
    else call.io.note('The target matches no minion of the file.')
    return EXIT.ok
  },
}

const mineUpdate: Command = {
  name: 'mine update',
  summary: 'Have minions say their grains and mine values anew, and wait for it',
  arguments: [TARGET],
  targets: true,
  examples: ["butler-master mine update '*'"],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    const { updated, failed } = await masterOf(call).call('mine.update', { target: targetOf(call) })
    call.io.data({ updated, failed })
    for (const id of updated) call.io.print(`${id}: updated`)
    for (const [id, cause] of Object.entries(failed)) call.io.print(`${id}: failed: ${cause}`)
    return Object.keys(failed).length === 0 ? EXIT.ok : EXIT.failed
  },
}

export const minionCommands: readonly Command[] = [minions, match, mineUpdate]
