import type { Place } from '../errors.ts'
import type { ChunkOptions, Guards, RequisiteKind } from './low.ts'
import type { Argument } from './high.ts'
import type { Reference } from './reference.ts'

/** A chunk on its way: its names are expanded and its words sorted, its requisites not yet found. */
export interface Draft {
  readonly id: string
  readonly module: string
  /** The full name, `file.managed`. */
  readonly function: string
  readonly name: string
  readonly sls: string
  readonly at: Place
  readonly order: Order
  /** The function's own arguments, by name. */
  readonly args: ReadonlyMap<string, Argument>
  readonly requisites: readonly Wanted[]
  /** The `_in` forms, still at their targets. */
  readonly incoming: readonly Wanted[]
  readonly guards: Guards
  readonly options: ChunkOptions
}

export interface Wanted {
  readonly kind: RequisiteKind
  readonly reference: Reference
}

export interface Order {
  /** As written; `undefined` is the place in the file. */
  readonly written: number | 'first' | 'last' | undefined
  /** Counts the declarations of the whole run. */
  readonly declaration: number
  /** Counts the names of one declaration from 1; 0 without `names`. */
  readonly name: number
}
