import { change, ChangeFailed, type Change } from '../../core/module/change.ts'
import type { Plan } from '../../core/module/state.ts'

export const FIRED_REPORTS = { 'Requisites with changes': 'What it watches that has changed.' }

export const PRETENDED_REPORTS = { testing: 'A change that is only claimed.', ...FIRED_REPORTS }

// What the states of this subject share: changes that are only claimed.

export const PRETENDED = { old: 'Unchanged', new: 'Something pretended to change' }

export function pretendedChange(comment: string): Change {
  return change('testing', PRETENDED, [], () => Promise.resolve({ comment }))
}

export function pretendedFailure(comment: string): Change {
  return change('testing', PRETENDED, [], () =>
    Promise.reject(new ChangeFailed(comment, { changes: { testing: PRETENDED } })),
  )
}

/** What all of these states do when something that they watch changed. */
export async function* watchFired(): Plan {
  const fired = { comment: 'Watch statement fired.' }
  yield { ...change('Requisites with changes', [], [], () => Promise.resolve(fired)), onlySaid: true }
  return fired.comment
}
