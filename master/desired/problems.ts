import { setImmediate as nextTurn } from 'node:timers/promises'
import { formatPlace, type UserError, errorsIn } from '../../core/errors.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import { readSource } from '../../core/compile/source.ts'
import { contextOfNobody, isTemplate } from '../../core/compile/template.ts'
import { parseTemplate } from '../../core/compile/template/parse.ts'
import type { Desired } from '../../core/desired/desired.ts'
import { readMapping, readRole, roleNames } from '../../core/desired/roles.ts'
import { highstateOf } from '../../core/desired/minion.ts'

export interface ProblemsOptions {
  desired: Desired
  /** The minions whose grains are known. */
  ids: () => readonly string[]
  /** What is wrong with the snapshot's orchestrations. */
  orchestrations: (snapshot: Snapshot) => readonly UserError[]
}

/**
 * Everything that is wrong with a snapshot: files that can't be read, roles that are not there, and what does not
 * compile for a minion that we know. What did not compile for that minion before either does not count: it may wait for
 * a value of the mine, and must not keep everybody else from their changes.
 */
export async function problemsOf(
  snapshot: Snapshot,
  inUse: Snapshot | undefined,
  options: ProblemsOptions,
): Promise<readonly UserError[]> {
  const found = [...problemsOfFiles(snapshot), ...options.orchestrations(snapshot)]
  for (const id of options.ids()) {
    // Other minions have to be answered while a large fleet is compiled for.
    await nextTurn()
    const errors = problemsFor(snapshot, id, options.desired)
    const isNew = errors.length > 0 && (inUse === undefined || problemsFor(inUse, id, options.desired).length === 0)
    if (isNew) found.push(...errors)
  }
  return unique(found)
}

function problemsFor(snapshot: Snapshot, id: string, desired: Desired): readonly UserError[] {
  return desired.lows(snapshot, [id], []).errors.get(id) ?? []
}

/** What is wrong with the files themselves, whoever they are for. */
export function problemsOfFiles(snapshot: Snapshot): readonly UserError[] {
  return [
    ...errorsIn(() => readMapping(snapshot)),
    ...mappedRoles(snapshot),
    ...snapshot.paths.filter(isYaml).flatMap((path) => errorsIn(() => readable(snapshot, path))),
    ...roleNames(snapshot).flatMap((name) => errorsIn(() => readablePlainRole(snapshot, name))),
  ]
}

/** A mapping to a role without a file would hit the first minion that joins under that name. */
function mappedRoles(snapshot: Snapshot): readonly UserError[] {
  return errorsIn(() => readMapping(snapshot)).length > 0
    ? []
    : readMapping(snapshot).flatMap(({ glob, roles }) =>
        roles
          .filter((role) => !roleNames(snapshot).includes(role))
          .flatMap((role) => errorsIn(() => readRole(snapshot, role, contextOfNobody(glob)))),
      )
}

/** Content that states copy may look like YAML and be none; by convention it lies in folders of these names. */
const CONTENT = /^states\/(?:.*\/)?(?:files|templates)\//u

function isYaml(path: string): boolean {
  return /\.(?:yaml|sls)$/u.test(path) && !CONTENT.test(path) && path !== 'roles/mapping.yaml'
}

/** A template is only rendered for a minion; without one its syntax can be checked. */
function readable(snapshot: Snapshot, path: string): void {
  const text = snapshot.text(path) ?? ''
  if (isTemplate(text)) parseTemplate(text, snapshot.shown(path))
  else readSource(text, snapshot.shown(path), contextOfNobody(''))
}

function readablePlainRole(snapshot: Snapshot, name: string): void {
  const text = snapshot.text(`roles/${name}.yaml`) ?? snapshot.text(`roles/${name}.sls`) ?? ''
  if (!isTemplate(text)) highstateOf(snapshot, [readRole(snapshot, name, contextOfNobody(''))])
}

function unique(errors: readonly UserError[]): readonly UserError[] {
  const known = new Map(
    errors.map((error) => [[error.code, error.message, error.at && formatPlace(error.at)].join('\n'), error]),
  )
  return [...known.values()]
}
