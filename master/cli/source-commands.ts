import { type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { formatTable } from '../../core/cli/table.ts'
import { formatError } from '../../core/cli/error-text.ts'
import type { SourceStatus } from '../sources/sources.ts'

const list: Command = {
  name: 'sources list',
  isDefault: true,
  summary: 'List the sources: which commit is in use, and why a newer one is not',
  examples: ['butler-master sources list', 'butler-master sources'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    printSources(await masterOf(call).call('sources.list', {}), call)
    return EXIT.ok
  },
}

const update: Command = {
  name: 'sources update',
  summary: 'Look for new commits now, and take them up if all is well with them',
  examples: ['butler-master sources update'],
  async run(call) {
    const { masterOf } = await import('./master.ts')
    return printSources(await masterOf(call).call('sources.update', {}), call)
  },
}

export const sourceCommands: readonly Command[] = [list, update]

function printSources(sources: readonly SourceStatus[], call: Call): ExitCode {
  call.io.data(sources)
  const rows = sources.map(({ name, from, branch, commit, seen, checked }) => [
    name,
    commit?.slice(0, 12) ?? 'none',
    seen === commit ? '' : (seen?.slice(0, 12) ?? 'none'),
    checked?.slice(0, 19) ?? 'never',
    branch === null ? from : `${from} (${branch})`,
  ])
  call.io.print(
    sources.length === 0
      ? "There is no source yet: name one under 'sources' in master.yaml."
      : formatTable(['SOURCE', 'IN USE', 'NEWER, NOT USED', 'CHECKED (UTC)', 'FROM'], rows),
  )
  const errors = sources.flatMap((source) => source.errors)
  for (const error of errors) call.io.print(`\n${formatError(error)}`)
  for (const warning of sources.flatMap((source) => source.warnings ?? []))
    call.io.print(formatError(warning, 'warning'))
  return errors.length === 0 ? EXIT.ok : EXIT.refused
}
