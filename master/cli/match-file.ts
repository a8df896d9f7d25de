import { isMap, mapIn } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { parseTarget } from '../../core/target/match.ts'
import type { Target } from '../../core/target/target.ts'
import { parseYaml } from '../../core/text/yaml.ts'
import { readText } from './read.ts'

/** The ids in a file of minions (`id: {grains: {…}, pillar: {…}}`) that a target means, sorted. */
export function matchFile(file: string, target: Target): string[] {
  const matcher = parseTarget(target)
  const { value } = parseYaml(readText(file), file)
  if (!isMap(value)) {
    throw new UserError('bad-minions-file', `'${file}' must be a map from ids to grains and pillar.`)
  }
  return Object.entries(value)
    .filter(([id, minion]) => matcher({ id, grains: mapIn(minion, 'grains'), pillar: mapIn(minion, 'pillar') }))
    .map(([id]) => id)
    .toSorted()
}
