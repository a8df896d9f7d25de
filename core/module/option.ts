import { isMap, type Data, type DataMap } from '../data.ts'

/**
 * Fills arguments of an execution function that were left out from the minion's pillar, as Salt's `config.option`
 * does: `postgres.db_list` finds its `password` in `postgres.password`, be it a flat key or a key in a map.
 * @param takes the names of the arguments that the function has
 */
export function fillFromPillar(
  functionName: string,
  args: DataMap,
  pillar: DataMap,
  takes: readonly string[],
): DataMap {
  const module = functionName.split('.')[0] ?? functionName
  const filled: DataMap = { ...args }
  for (const argument of takes) {
    const value = filled[argument] === undefined ? optionOf(pillar, module, argument) : undefined
    if (value !== undefined) filled[argument] = value
  }
  return filled
}

function optionOf(pillar: DataMap, module: string, argument: string): Data | undefined {
  const flat = pillar[`${module}.${argument}`]
  if (flat !== undefined) return flat
  const map = pillar[module]
  return map !== undefined && isMap(map) && Object.hasOwn(map, argument) ? map[argument] : undefined
}
