import type { z } from 'zod'
import type { Data, DataMap } from '../data.ts'
import { withArgs } from './args-once.ts'
import type { Host } from './host.ts'
import type { View } from './view.ts'

interface Common<Args extends object> {
  readonly summary: string
  /** The arguments: a strict zod object made by `args()`. Positional arguments fill its keys in order. Made when first asked for. */
  readonly args: () => z.ZodType<Args>
  /** The words after `butler-call`, such as `service.status postgresql`. */
  readonly example: string
}

/** An execution function that only looks. */
export interface Looking<Args extends object> extends Common<Args> {
  readonly changes: false
  run(view: View, args: Args): Promise<Data>
}

/** An execution function that may change its machine. */
export interface Changing<Args extends object> extends Common<Args> {
  readonly changes: true
  run(host: Host, args: Args): Promise<Data>
}

/** An execution function that the agent or the master answers itself, such as `state.apply` or `mine.get`. */
export interface Asking<Args extends object> extends Common<Args> {
  readonly changes: 'asks'
}

export type FunctionDefinition<Args extends object> = Looking<Args> | Changing<Args> | Asking<Args>

/** What the catalogue holds: the argument type is forgotten, since arguments are checked by `args` before a run. */
export type AnyFunction = Made<Looking<DataMap>> | Made<Changing<DataMap>> | Made<Asking<DataMap>>

type Made<Definition> = Omit<Definition, 'args'> & { readonly args: z.ZodType<DataMap> }

/**
 * Defines an execution function. It throws a `UserError` when it fails; whatever it returns is the answer. The cast is
 * the boundary where typed definitions meet parsed data.
 */
export function fn<Args extends object>(definition: FunctionDefinition<Args>): AnyFunction {
  return withArgs(definition) as unknown as AnyFunction
}
