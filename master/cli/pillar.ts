import { textOption, type Call } from '../../core/cli/command.ts'
import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'

/** What `--pillar` gives: JSON or YAML, or the name of a file with it after an `@`. */
export async function pillarOf(call: Call): Promise<{ pillar?: DataMap }> {
  const given = textOption(call, 'pillar')
  if (given === undefined) return {}
  const [{ parseYaml }, { readText }] = await Promise.all([import('../../core/text/yaml.ts'), import('./read.ts')])
  const file = given.startsWith('@') ? given.slice(1) : undefined
  const { value } = parseYaml(file === undefined ? given : readText(file), file ?? '--pillar')
  if (isMap(value)) return { pillar: value }
  throw new UserError('bad-pillar', 'The pillar must be a map.', {
    hint: `Such as --pillar '{"postgres": {"port": 5433}}'.`,
  })
}
