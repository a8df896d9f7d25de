import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import { UserError } from '../errors.ts'
import { dataOf } from '../text/yaml/node.ts'
import { mergeData } from './merge.ts'
import { shown } from './shown.ts'
import type { Snapshot } from './snapshot.ts'
import { readSource } from './source.ts'
import type { Context } from './template.ts'

/** The grains whose values choose, the coarsest first: what a finer one says wins. */
const GRAINS = ['os_family', 'os', 'osfinger'] as const

/** How a folder's map is found. */
export interface Maps {
  snapshot: Snapshot
  /** What the map itself is rendered with. */
  context: Context
}

/**
 * What differs between platforms, for the templates of one folder of states: `map` in them. `states/web/map.yaml` has a
 * map of names for `default` and for values of the grains above; pillar `web:lookup` has the last word.
 *
 *     default: { user: root }
 *     Debian: { package: apache2 }
 *     RedHat: { package: httpd }
 *
 * No names when the folder has no map. Throws `UserErrors`.
 */
export function platformMap(folder: string, { snapshot, context }: Maps): DataMap {
  const path = `states/${folder}/map.yaml`
  const text = snapshot.text(path)
  if (text === undefined) return {}
  const node = readSource(text, snapshot.shown(path), context)
  const choices = dataOf(node)
  if (!isMap(choices)) {
    throw new UserError('bad-map', `${path} must be a map from platforms to names, not ${shown(choices)}.`, {
      hint: 'Such as `Debian: { package: apache2 }`, and `default:` for all others.',
      at: node.at,
    })
  }
  const keys = ['default', ...GRAINS.map((grain) => context.grains[grain])]
  const found = keys.flatMap((key): DataMap[] => {
    const choice = typeof key === 'string' ? choices[key] : undefined
    return choice !== undefined && isMap(choice) ? [choice] : []
  })
  return { map: [...found, lookupIn(context.pillar, folder)].reduce(mergeData, {}) }
}

function lookupIn(pillar: DataMap, folder: string): DataMap {
  const own = pillar[folder]
  const lookup = own !== undefined && isMap(own) ? own['lookup'] : undefined
  return lookup !== undefined && isMap(lookup) ? lookup : {}
}
