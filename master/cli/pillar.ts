import { textOption, type Call } from '../../core/cli/command.ts'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'

/** What `--pillar` gives. */
export async function pillarOf(call: Call): Promise<{ pillar?: DataMap }> {
  const pillar = await mapOption(call, 'pillar')
  return pillar === undefined ? {} : { pillar }
}

/** A map that an option gives: JSON or YAML, or the name of a file with it after an `@`. */
export async function mapOption(call: Call, name: 'pillar' | 'grains'): Promise<DataMap | undefined> {
  const given = textOption(call, name)
  if (given === undefined) return undefined
  const value = await dataOption(given, name)
  if (isMap(value)) return value
  throw new UserError(`bad-${name}`, `The ${name} must be a map.`, {
    hint: `Such as --${name} '{"postgres": {"port": 5433}}'.`,
  })
}

/** The data that an option gives, or the file after its `@`. */
export async function dataOption(given: string, name: string): Promise<Data> {
  const [{ parseYaml }, { readText }] = await Promise.all([import('../../core/text/yaml.ts'), import('./read.ts')])
  const file = given.startsWith('@') ? given.slice(1) : undefined
  return parseYaml(file === undefined ? given : readText(file), file ?? `--${name}`).value
}
