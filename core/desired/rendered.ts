import { platformMap } from '../compile/platform-map.ts'
import type { Snapshot } from '../compile/snapshot.ts'
import { type Context, renderTemplate } from '../compile/template.ts'
import { stateTree } from '../compile/tree.ts'
import { errorsIn, UserError } from '../errors.ts'
import { sayingSecrets } from '../secret.ts'
import { suggest } from '../text/nearest.ts'

const FOLDER = 'states/'

/** A file as a minion's templates make it. */
export interface Rendered {
  /** How errors name it. */
  file: string
  /** Secrets in it stand as `{{secret 'NAME'}}`. */
  text: string
}

/**
 * Finds a file of the states by its path, as `butler://` names it, or by the name of a state file. Roles and pillar are not
 * found: minions ask for files, and pillar is for those that it is meant for. Throws the `UserError` `missing-file` with
 * who is near.
 */
export function findFile(snapshot: Snapshot, name: string): string {
  const path = name.replace(/^(?:butler|salt):\/\//u, FOLDER)
  const known = new Set(snapshot.paths.filter((one) => one.startsWith(FOLDER)))
  const asPath = [path, `${FOLDER}${path}`].find((one) => known.has(one))
  if (asPath !== undefined) return asPath
  const tree = stateTree(snapshot, 'states')
  const found: string[] = []
  errorsIn(() => found.push(...tree.find(name).map((one) => one.path)))
  const [only, another] = found
  if (only !== undefined && another === undefined) return only
  const files = [...known].map((one) => one.slice(FOLDER.length))
  throw new UserError('missing-file', `There is no file '${name}' in the states.`, {
    hint: suggest(name, [...files, ...tree.names]) ?? 'Name it as web, web/init.yaml or butler://web/files/site.conf.',
  })
}

/** Renders a file with the names that it has where it is used; those that a state gives by `context` are not there. */
export function renderFile(snapshot: Snapshot, path: string, context: Context): Rendered {
  const file = snapshot.shown(path)
  const text = snapshot.text(path)
  if (text === undefined) throw new Error(`The snapshot lists '${path}' and has no text for it.`)
  const more = platformMap(folderOf(path), { snapshot, context })
  return {
    file,
    text: sayingSecrets(renderTemplate(text, file, { ...context, more }), (name) => `{{secret '${name}'}}`),
  }
}

/** The folder of states that a file lies in. */
export function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}
