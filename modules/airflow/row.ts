import type { DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { planOf, type Plan } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { airflowHas, type Place, wishing, type Wish } from './python.ts'

interface Row {
  kind: Wish['kind']
  name: string
  /** What the row is to hold; what is undefined stays as it is. */
  values: DataMap
  /** Columns whose values nobody may see. */
  hidden?: readonly string[]
}

/** The plan that makes a row as it should be. */
export async function* rowPresent(view: View, where: Place, { kind, name, values, hidden = [] }: Row): Plan {
  const has = (await airflowHas(view, where))[kind][name]
  const what = kind.slice(0, -1)
  if (has === undefined || !isMap(has)) {
    return yield* planOf([wishing(where, { kind, name, values }, what, { old: '', new: name })], '')
  }
  const differing = Object.keys(values).filter(
    (column) => JSON.stringify(has[column]) !== JSON.stringify(values[column]),
  )
  const changes = differing.map((column) => {
    const value = values[column] ?? null
    const shows = hidden.includes(column) ? 'changed' : { old: has[column] ?? null, new: value }
    return wishing(where, { kind, name, values: { [column]: value } }, column, shows)
  })
  return yield* planOf(changes, `The ${what} ${name} is as it should be`)
}

/** The plan after which there is no such row. */
export async function* rowAbsent(view: View, where: Place, kind: Wish['kind'], name: string): Plan {
  const has = (await airflowHas(view, where))[kind][name]
  const what = kind.slice(0, -1)
  if (has === undefined) return yield* planOf([], `There is no ${what} ${name}`)
  return yield* planOf([wishing(where, { kind, name }, what, { old: name, new: '' })], '')
}
