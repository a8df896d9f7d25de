import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compile } from '../../../core/compile/compile.ts'
import type { LowState } from '../../../core/compile/low.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { isMap } from '../../../core/data.ts'
import type { ErrorData } from '../../../core/errors.ts'
import { formatPlace, userErrorsOf } from '../../../core/errors.ts'
import { parseYaml } from '../../../core/text/yaml.ts'
import { catalog } from './catalog.ts'
import { snapshotOf } from './memory-snapshot.ts'

// Each file in golden/ is a small state tree, a line of dashes, and what the compiler makes of it: chunks or errors.
// `==> path` begins a file of the tree; `==> minion` holds the minion's pillar, grains, mine and what to apply, as YAML.
// UPDATE_GOLDEN=1 writes what comes out; look at the difference before you commit it.
const FOLDER = fileURLToPath(new URL('golden', import.meta.url))
const LINE = '\n----------\n'

for (const file of globSync(join(FOLDER, '*.txt')).toSorted()) {
  t.test(basename(file, '.txt'), async (t) => {
    const [input = '', expected] = readFileSync(file, 'utf8').split(LINE)
    const made = output(filesOf(input))
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, `${input}${LINE}${made}`)
    else t.equal(made, expected)
  })
}

function filesOf(input: string): Map<string, string> {
  const parts = input.split(/^==> (.*)\n/mu).slice(1)
  return new Map(
    parts.flatMap((path, index) =>
      index % 2 === 0 ? [[path, `${(parts[index + 1] ?? '').trimEnd()}\n`] as const] : [],
    ),
  )
}

function output(files: ReadonlyMap<string, string>): string {
  const { value } = parseYaml(files.get('minion') ?? '{}', 'minion')
  const { apply = ['main'], pillar, grains, mine, roles } = isMap(value) ? value : {}
  try {
    const low = compile({
      snapshot: snapshotOf(Object.fromEntries([...files].filter(([path]) => path !== 'minion'))),
      apply: textsOf(apply),
      catalog,
      minion: { id: 'm1', grains: mapOf(grains), pillar: mapOf(pillar), roles: textsOf(roles) },
      mine: () => mapOf(mine),
    })
    return formatLow(low)
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    return errors.map((error) => formatError(error.toJSON())).join('')
  }
}

function formatError({ code, message, hint, at }: ErrorData): string {
  const place = at === undefined ? 'nowhere' : formatPlace(at)
  return `${place}: ${code}\n  ${message}\n${hint === undefined ? '' : `  -> ${hint}\n`}`
}

function formatLow(low: LowState): string {
  const chunks = low.chunks.map((chunk, index) => {
    const lines = [
      `${index} ${chunk.function} ${JSON.stringify(chunk.id)} (${formatPlace(chunk.at)})`,
      `    ${JSON.stringify(chunk.args)}`,
      ...chunk.requisites.map(({ kind, targets }) => `    ${kind} ${targets.join(' ')}`),
      ...(Object.keys(chunk.guards).length > 0 ? [`    guards ${JSON.stringify(chunk.guards)}`] : []),
      ...(Object.keys(chunk.options).length > 0 ? [`    options ${JSON.stringify(chunk.options)}`] : []),
    ]
    return `${lines.join('\n')}\n`
  })
  const files = Object.keys(low.files).map((url) => `file ${url}\n`)
  const secrets = low.secrets.map((name) => `secret ${name}\n`)
  return [...chunks, ...files, ...secrets, ...low.warnings.map((warning) => `warning ${formatError(warning)}`)].join('')
}

function mapOf(data: Data | undefined): DataMap {
  return isMap(data) ? data : {}
}

function textsOf(data: Data | undefined): string[] {
  return Array.isArray(data) ? data.map(String) : []
}
