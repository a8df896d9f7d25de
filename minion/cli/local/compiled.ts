import type { LowState } from '../../../core/compile/low.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { createDesired } from '../../../core/desired/create.ts'
import type { Desired } from '../../../core/desired/desired.ts'
import type { Rendered } from '../../../core/desired/rendered.ts'
import { UserError } from '../../../core/errors.ts'
import { catalog } from '../../../modules/catalog.ts'
import { type FolderSnapshot, folderSnapshot } from '../folder-snapshot.ts'
import { merged, type Session } from './session.ts'

/** What the session's folders say about this machine, by the same code as a master's. */
export class LocalDesired {
  readonly snapshot: FolderSnapshot
  readonly #session: Session
  readonly #desired: Desired
  readonly #given: DataMap

  /** @param pillar over all other pillar, also that of `--pillar` */
  constructor(session: Session, pillar: DataMap = {}) {
    this.#session = session
    this.#given = merged(session.pillar, pillar)
    this.snapshot = folderSnapshot(requireRoots(session))
    this.#desired = createDesired({
      catalog,
      remembered: session.remembered,
      // without a master, what a machine says of its own roles is all that there is to go by
      known: {
        grains: () => session.grains,
        tokenRoles: () => textsIn(session.grains['roles']),
        mine: () => new Map(),
      },
    })
  }

  get roles(): readonly string[] {
    return this.#desired.roles(this.snapshot, this.#session.id)
  }

  get grains(): DataMap {
    return this.#desired.grains(this.snapshot, this.#session.id)
  }

  get highstate(): readonly string[] {
    return this.#desired.highstate(this.snapshot, this.#session.id)
  }

  get pillar(): DataMap {
    return this.#desired.pillar(this.snapshot, this.#session.id, this.#given)
  }

  rendered(name: string): Rendered {
    return this.#desired.rendered(this.snapshot, this.#session.id, name, this.#given)
  }

  /** Without states the highstate. Throws `UserErrors` with everything that is wrong. */
  low(states: readonly string[]): LowState {
    if (states.length === 0) this.#requireHighstate()
    return this.#desired.low(this.snapshot, this.#session.id, states, this.#given)
  }

  #requireHighstate(): void {
    if (this.highstate.length > 0) return
    const { id } = this.#session
    const roles = this.roles.length === 0 ? 'no role' : `the roles ${this.roles.join(', ')}, which name no state file`
    throw new UserError('no-states', `This machine, '${id}', has ${roles}.`, {
      hint: 'Give it a role in roles/mapping.yaml or by its grain `roles`, or name state files: butler-call apply NAME.',
    })
  }
}

function textsIn(roles: Data | undefined): string[] {
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
}

function requireRoots({ fileRoots }: Session): readonly string[] {
  if (fileRoots.length > 0) return fileRoots
  throw new UserError('no-file-root', '--local needs to know where the state files are.', {
    hint: 'Add --file-root DIR.',
  })
}
