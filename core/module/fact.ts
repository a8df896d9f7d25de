import type { View } from './view.ts'

/** What a change can make. A fact names the kind that makes it stale. */
export type Kind =
  | 'path'
  | 'package'
  | 'unit'
  | 'user'
  | 'group'
  | 'database'
  | 'database-user'
  | 'command'
  | 'repository'
  | 'broker'
  | 'consul'
  | 'airflow'
  | 'grafana'

/** Something about the machine that costs a program's run: asked once, parsed by a pure function. */
export interface Fact<T> {
  readonly name: string
  /** It is forgotten when a change makes one of these (or *anything*). */
  readonly stale: readonly Kind[]
  readonly read: (view: View) => Promise<T>
}

export function fact<T>(definition: Fact<T>): Fact<T> {
  return definition
}
