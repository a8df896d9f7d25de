import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { restArgument, textOption, type Call, type Command } from '../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../core/cli/exit.ts'
import { UserErrors, UserError } from '../../core/errors.ts'
import type { Module } from '../../core/module/module.ts'
import { suggest } from '../../core/text/nearest.ts'

export const docs: Command = {
  name: 'docs',
  summary: 'Say what states and execution functions do and take',
  details: 'Of a subject (`file`), or of one state or function (`file.managed`). Without a name it lists the subjects.',
  arguments: [{ name: '[names...]', summary: 'file, file.managed, service.status ...' }],
  options: [{ flags: '--to <dir>', summary: 'Write a page for each subject into this folder' }],
  examples: ['butler-call docs file.managed', 'butler-call docs postgres', 'butler-call docs --to docs/reference'],
  run: tell,
}

async function tell(call: Call): Promise<ExitCode> {
  const [{ catalog, modules }, { functionEntry, stateEntry, subjectPage }, { pagesOf }] = await Promise.all([
    import('../../modules/catalog.ts'),
    import('../../core/manual/page.ts'),
    import('../../core/manual/pages.ts'),
  ])
  const to = textOption(call, 'to')
  if (to !== undefined) {
    const pages = Object.entries(pagesOf(modules))
    await writePages(to, pages)
    call.io.note(`${pages.length} pages are in ${to}.`)
    return EXIT.ok
  }
  const names = restArgument(call, 'names')
  if (names.length === 0) return listSubjects(call, modules)
  const entries = names.map((name): [string, string | undefined] => {
    const module = Object.hasOwn(modules, name) ? modules[name] : undefined
    if (module !== undefined) return [name, subjectPage(name, module)]
    const [state, one] = [catalog.states.get(name), catalog.functions.get(name)]
    const parts = [...(state ? [stateEntry(name, state)] : []), ...(one ? [functionEntry(name, one)] : [])]
    return [name, parts.length === 0 ? undefined : `${parts.join('\n\n')}\n`]
  })
  const unknown = entries.filter(([, entry]) => entry === undefined)
  if (unknown.length > 0) {
    const known = [...Object.keys(modules), ...catalog.states.keys(), ...catalog.functions.keys()]
    throw new UserErrors(
      unknown.map(([name]) => {
        const hint = suggest(name, known) ?? "'butler-call docs' lists the subjects."
        return new UserError('unknown-name', `'${name}' is no subject, state or execution function.`, { hint })
      }),
    )
  }
  call.io.data(Object.fromEntries(entries))
  call.io.print(entries.map(([, entry]) => entry).join('\n'))
  return EXIT.ok
}

async function writePages(folder: string, pages: readonly (readonly [string, string])[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    for (const [name, page] of pages) await writeFile(join(folder, name), page)
  } catch (thrown) {
    const { message } = thrown instanceof Error ? thrown : new Error(String(thrown))
    throw new UserError('unwritable', `The pages can't be written to ${folder}: ${message}.`, {
      hint: 'Name a folder that you may write to, with 1 MB of room.',
      cause: thrown,
    })
  }
}

function listSubjects({ io }: Call, modules: Readonly<Record<string, Module>>): ExitCode {
  const subjects = Object.entries(modules).map(([subject, { summary }]): [string, string] => [subject, summary])
  io.data(Object.fromEntries(subjects))
  for (const [subject, summary] of subjects) io.print(`${subject.padEnd(12)} ${summary}`)
  return EXIT.ok
}
