import { keysOf } from '../compile/schema.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import { contextOfNobody, isTemplate } from '../compile/template.ts'
import { pathsIn, textsIn } from '../compile/template/names.ts'
import { parseTemplate } from '../compile/template/parse.ts'
import { isMap } from '../data.ts'
import { errorsIn, UserError } from '../errors.ts'
import type { Catalog } from '../module/module.ts'
import { suggest } from '../text/nearest.ts'
import { readMap } from './fields.ts'

/**
 * Warnings of defaults that no template names: a misspelled key, or one that was forgotten when its state went. Where a
 * template takes a folder's pillar as a whole, all of it may be used.
 */
export function unusedDefaults(snapshot: Snapshot, catalog: Catalog): readonly UserError[] {
  const named = namesOf(snapshot)
  return snapshot.paths.flatMap((path): UserError[] => {
    const folder = /^states\/([^/]+)\/defaults\.(?:yaml|sls)$/u.exec(path)?.[1]
    if (folder === undefined || named.whole.has(folder) || named.whole.has('')) return []
    const known = new Set([...named.names, ...argumentsOf(folder, catalog)])
    return unusedIn(snapshot, path, folder, known)
  })
}

function unusedIn(snapshot: Snapshot, path: string, folder: string, known: ReadonlySet<string>): UserError[] {
  const found: UserError[] = []
  // What is wrong with the file itself is told by those who use it.
  errorsIn(() => {
    const { value, placeOf } = readMap(snapshot, path, contextOfNobody())
    const own = value[folder]
    for (const key of own !== undefined && isMap(own) ? Object.keys(own) : []) {
      // `lookup` is for the folder's map of platforms
      if (known.has(key) || key === 'lookup') continue
      found.push(
        new UserError('unused-default', `No template names the default '${key}' of '${folder}'.`, {
          hint: suggest(key, known) ?? `Take it away, or use it: {{pillar.${folder}.${key}}}.`,
          at: placeOf([folder, key]),
        }),
      )
    }
  })
  return found
}

interface Named {
  /** Every step of a path and every text in any template. */
  names: Set<string>
  /** Folders whose pillar is taken as a whole; `''` when all pillar is. */
  whole: Set<string>
}

function namesOf(snapshot: Snapshot): Named {
  const named: Named = { names: new Set(), whole: new Set() }
  for (const path of snapshot.paths.filter((one) => /^(?:states|roles|pillar)\//u.test(one))) {
    const text = snapshot.text(path) ?? ''
    if (!isTemplate(text)) continue
    errorsIn(() => {
      const { program } = parseTemplate(text, snapshot.shown(path))
      for (const text of textsIn(program)) named.names.add(text)
      for (const parts of pathsIn(program)) {
        for (const part of parts) named.names.add(part)
        if (parts[0] === 'pillar' && parts.length <= 2) named.whole.add(parts[1] ?? '')
      }
    })
  }
  return named
}

/** Execution functions take arguments that were left out from their subject's pillar. */
function argumentsOf(folder: string, catalog: Catalog): string[] {
  return [...catalog.functions].flatMap(([name, { args }]) => (name.startsWith(`${folder}.`) ? keysOf(args) : []))
}
