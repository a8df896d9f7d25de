import { restArgument, textOption, textsOption, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { UserError } from '../../core/errors.ts'
import type { Found } from '../offline/check-folders.ts'

export const checkCommand: Command = {
  name: 'check',
  summary: 'Say everything that is wrong with the sources, for these minions or for all',
  details:
    'The master gets what is newest first, and compiles for the minions that it knows. With --file-root no master is ' +
    'needed: folders are checked, for one minion of each line of roles/mapping.yaml or for those of --minions. Such a ' +
    'minion has the grains of a Debian machine and of --grains, and says network.ip_addrs to the mine; secrets have no values.',
  arguments: [{ name: '[ids...]', summary: 'Whom to compile for; all that have ever been connected when left out' }],
  options: [
    {
      flags: '--file-root <dir>',
      summary: 'Check this folder, which has states/ and roles/ in it; later ones win',
      repeatable: true,
    },
    { flags: '--minions <file>', summary: 'Whom to compile for: YAML, id: {grains: {}, mine: {}}' },
    { flags: '--grains <json>', summary: 'Grains of all these minions: JSON or YAML, or @FILE' },
    { flags: '--pillar <json>', summary: 'Pillar over all other, as only a site knows it: JSON or YAML, or @FILE' },
  ],
  examples: [
    'butler-master check',
    'butler-master check db-server',
    `butler-master check --file-root . --pillar '{"debian": {"mirror": "http://mirror.example/debian"}}'`,
  ],
  async run(call) {
    return textsOption(call, 'fileRoot').length > 0 ? offline(call) : online(call)
  },
}

async function online(call: Call): Promise<ExitCode> {
  for (const option of ['minions', 'grains', 'pillar']) {
    if (textOption(call, option) === undefined) continue
    throw new UserError('bad-option', `--${option} is for checking folders.`, { hint: 'Add --file-root DIR.' })
  }
  const { masterOf } = await import('./master.ts')
  const { checked } = await masterOf(call).call('check', { ids: [...restArgument(call, 'ids')] })
  call.io.data({ checked })
  call.io.print(`All is well: compiled for ${checked.length === 0 ? 'no minion, none is known' : checked.join(', ')}.`)
  return EXIT.ok
}

async function offline(call: Call): Promise<ExitCode> {
  const [{ checkFolders }, { imaginedIn }, { dataOption, mapOption }, { formatError }] = await Promise.all([
    import('../offline/check-folders.ts'),
    import('../offline/imagined.ts'),
    import('./pillar.ts'),
    import('../../core/cli/error-text.ts'),
  ])
  const file = textOption(call, 'minions')
  const minions = file === undefined ? undefined : imaginedIn(await dataOption(`@${file}`, 'minions'), file)
  const findings = await checkFolders({
    folders: textsOption(call, 'fileRoot'),
    minions,
    grains: (await mapOption(call, 'grains')) ?? {},
    pillar: (await mapOption(call, 'pillar')) ?? {},
  })
  const { checked, errors, warnings } = findings
  call.io.data({ schema: 'butler.check/1', ok: errors.length === 0, ...findings })
  for (const found of warnings) call.io.note(formatError(toldOf(found, checked), 'warning'))
  for (const found of errors) call.io.note(formatError(toldOf(found, checked)))
  if (errors.length > 0) {
    call.io.print(`${errors.length} ${errors.length === 1 ? 'error' : 'errors'}, ${warnings.length} warnings.`)
    return EXIT.refused
  }
  call.io.print(`All is well: compiled for ${checked.length === 0 ? 'no minion' : checked.join(', ')}.`)
  return EXIT.ok
}

/** How many minions are named. */
const NAMED = 5

function toldOf({ error, minions }: Found, all: readonly string[]): Found['error'] {
  if (minions.length === 0) return error
  const more = minions.length > NAMED ? ` and ${minions.length - NAMED} more` : ''
  const whose = minions.length === all.length ? 'all minions' : `${minions.slice(0, NAMED).join(', ')}${more}`
  return { ...error, message: `${error.message} [${whose}]` }
}
