import type { z } from 'zod'
import type { DataMap } from '../data.ts'
import { withArgs } from './args-once.ts'
import type { Change, Made } from './change.ts'
import type { View } from './view.ts'

/**
 * A plan: yields the changes that are needed, none when all is as wanted, and returns a comment for the result if it
 * has something to say. It throws a `UserError` when the wanted state can't be reached. Nothing after a `yield` sees
 * the change's effect: changes are collected first and applied afterwards, in order.
 */
export type Plan = AsyncGenerator<Change, string | void>

/** The plan that makes these changes; when there are none, it says that all is as it should be. */
export async function* planOf(changes: readonly Change[], inOrder: string): Plan {
  yield* changes
  return changes.length === 0 ? inOrder : undefined
}

/** One state function, such as `file.managed`. */
export interface StateDefinition<Want extends object> {
  readonly summary: string
  /** The arguments: a strict zod object made by `args()`, always with `name`. Made when it is first asked for. */
  readonly args: () => z.ZodType<Want>
  /**
   * The keys in the result's `changes`, and what each tells. `<name>` stands for what differs from case to case; keys of
   * one meaning stand together: `uid|gid`.
   */
  readonly reports: Readonly<Record<string, string>>
  /** Arguments of Salt's that are taken and have no effect, each with why: a warning says so. */
  readonly ignores?: Readonly<Record<string, string>>
  /** A state file that uses it, as people would write it. It is compiled by a test. */
  readonly example: string
  plan(view: View, want: Want): Plan
  /** What to do when a watched state changed and this state itself did not: Salt's mod_watch. */
  watched?(view: View, want: Want): Plan
  /** It has nothing to do on its own and only acts through `watched` (`cmd.wait`). */
  readonly onlyWatched?: boolean
  /**
   * What it makes when it succeeds, as far as its arguments tell. Asked only when a plan had to stop half-way, since an
   * earlier change comes first: later states may then still wait for these. Without it, it may make anything.
   */
  makes?(want: Want): readonly Made[]
  /**
   * With `clean: true`, this argument gets the paths that the other chunks of the run make: they are managed, so they
   * stay.
   */
  readonly spares?: string
  /** For what costs as much once as many times, such as a run of the package manager. */
  readonly together?: Together<Want>
}

/** How several wants of one function are done in one go. Each state still has its own turn, and looks at its own. */
export interface Together<Want extends object> {
  /** Wants with the same key may be joined; nothing for one that has to be done by itself. */
  key(want: Want): string | undefined
  join(wants: readonly Want[]): Want
  /** Whether a key of the changes is about this want. What is about none is told with the first. */
  owns(want: Want, changed: string): boolean
}

/** What the catalogue holds: the argument type is forgotten, since the compiler has checked the arguments by `args`. */
export type AnyState = Omit<StateDefinition<DataMap>, 'args'> & { readonly args: z.ZodType<DataMap> }

/**
 * Defines a state function; the type of `want` follows from `args`. The cast is the boundary where typed definitions
 * meet parsed data: only arguments that passed `args` are ever handed to `plan`.
 */
export function state<Want extends object>(definition: StateDefinition<Want>): AnyState {
  return withArgs(definition) as unknown as AnyState
}
