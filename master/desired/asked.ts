import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import type { StateRequest, ToMaster } from '../../core/protocol/messages.ts'
import { hasSecretMarker, secretNames } from '../../core/secret.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { mineFunctionsOf } from '../mine/functions.ts'
import type { Mine } from '../mine/mine.ts'
import type { Catalog } from '../../core/module/module.ts'
import type { Deadlines } from './apply.ts'
import type { Desired } from '../../core/desired/desired.ts'
import { lookUpMine, type Known } from '../../core/desired/minion.ts'
import { titleOf, workFor, type StateJobWork } from './work.ts'

export interface AskedDeps {
  desired: Desired
  jobs: Jobs
  mine: Mine
  known: Known
  catalog: Catalog
  current: () => Snapshot
  deadlines: Deadlines
}

/** Answers what minions ask about themselves. Who asks comes from the connection: nobody can ask about another. */
export function answerMinions(fleet: Fleet, deps: AskedDeps): void {
  fleet.answer('state.request', (id, request) => stateRequest(deps, id, request))
  fleet.answer('pillar.request', async (id, { pillar }) => ({
    pillar: deps.desired.pillar(deps.current(), id, unforged(id, pillar)),
  }))
  fleet.answer('low.request', async (id, { states, pillar }) => ({
    low: deps.desired.low(deps.current(), id, states, unforged(id, pillar)),
  }))
  fleet.answer('template.request', async (id, { name, pillar }) =>
    deps.desired.rendered(deps.current(), id, name, unforged(id, pillar)),
  )
  fleet.answer('mine.get', async (_id, { target: expression, function: alias }) => ({
    values: lookUpMine(deps.current(), deps.known, { kind: 'compound', expression }, alias),
  }))
  fleet.answer('mine.put', (id, question) => minePut(deps, id, question))
}

/** `butler-call highstate`: compiled here like every other job, with the secrets of this minion's own roles alone. */
async function stateRequest(deps: AskedDeps, id: string, request: StateRequest): Promise<{ jid: string }> {
  const { desired, jobs, deadlines } = deps
  const snapshot = deps.current()
  const wanted = { ...request, pillar: unforged(id, request.pillar) }
  const work = workFor(desired, snapshot, id, wanted)
  checkSecrets(desired, snapshot, id, work)
  const jid = await jobs.submit({
    title: titleOf(request),
    by: `minion:${id}`,
    test: request.test,
    snapshot: snapshot.id,
    targets: new Map([[id, work]]),
    ...deadlines,
  })
  return { jid }
}

/** What the operator's roles give to a minion is its own; any other secret that a state names is not. */
function checkSecrets(desired: Desired, snapshot: Snapshot, id: string, work: StateJobWork): void {
  const own = new Set([...desired.low(snapshot, id, []).secrets, ...secretNames(desired.pillar(snapshot, id))])
  const foreign = [...work.low.secrets, ...secretNames(work.pillar)].find((name) => !own.has(name))
  if (foreign === undefined) return
  throw new UserError(
    'foreign-secret',
    `'${id}' may not have the secret '${foreign}': no state of its roles names it.`,
    {
      hint: `Give it a role with that state (roles/mapping.yaml), or apply it from the master: butler-master apply ${id} …`,
    },
  )
}

/** The marks of secrets belong to the compiler: one that a minion sends would stand for a secret. */
function unforged(id: string, pillar: DataMap | undefined): DataMap | undefined {
  if (pillar === undefined || !hasSecretMarker(JSON.stringify(pillar))) return pillar
  throw new UserError('forged-secret', `The pillar that '${id}' gives holds Butler's own marks for secrets.`)
}

async function minePut(
  { desired, catalog, current, mine }: AskedDeps,
  id: string,
  { values }: ToMaster['mine.put']['question'],
): Promise<Record<string, never>> {
  await mine.put(id, Object.keys(mineFunctionsOf(desired.pillar(current(), id), catalog)), values)
  return {}
}
