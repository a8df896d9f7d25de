import { UserError } from '../../core/errors.ts'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'

/** What a person asks of this machine, however it was spelled. */
export type CallRequest =
  /** Apply (or with `test` plan) state files; none of them is the highstate. */
  | { kind: 'state'; states: readonly string[]; test: boolean; pillar?: DataMap }
  | { kind: 'function'; name: string; words: readonly string[] }
  | { kind: 'show'; what: Shown; states: readonly string[] }
  /** Print a file of the states as its templates make it. */
  | { kind: 'template'; name: string }
  /** Tell why a state would run or not. */
  | { kind: 'explain'; states: readonly string[] }

export const SHOWN = ['lowstate', 'highstate', 'pillar', 'top'] as const

export type Shown = (typeof SHOWN)[number]

/** Salt's spellings of the commands: `state.apply web test=True`, `state.show_lowstate`. */
const STATE_FUNCTIONS: Readonly<Record<string, (states: readonly string[], test: boolean) => CallRequest>> = {
  'state.apply': (states, test) => ({ kind: 'state', states, test }),
  'state.sls': (states, test) => ({ kind: 'state', states, test }),
  'state.highstate': (_states, test) => ({ kind: 'state', states: [], test }),
  'state.test': (states) => ({ kind: 'state', states, test: true }),
  'state.show_lowstate': (states) => ({ kind: 'show', what: 'lowstate', states }),
  'state.show_low_sls': (states) => ({ kind: 'show', what: 'lowstate', states }),
  'state.show_highstate': (states) => ({ kind: 'show', what: 'highstate', states }),
  'state.show_sls': (states) => ({ kind: 'show', what: 'highstate', states }),
  'state.show_top': () => ({ kind: 'show', what: 'top', states: [] }),
}

/** A function call as it was typed; those of `state` are commands of this program. */
export async function requestOf(name: string, words: readonly string[], test: boolean): Promise<CallRequest> {
  const make = STATE_FUNCTIONS[name]
  if (make === undefined) return { kind: 'function', name, words }
  const { parseWords } = await import('../../core/compile/arguments.ts')
  const { positional, named } = parseWords(words)
  const { mods, test: testing, pillar, ...rest } = named
  const [stranger] = Object.keys(rest)
  if (stranger !== undefined) {
    throw new UserError('unknown-argument', `'${name}' has no argument '${stranger}'.`, {
      hint: 'It takes state files, and mods, test and pillar.',
    })
  }
  const states = [...positional, ...(mods === undefined ? [] : [mods])].flatMap(stateNames)
  const request = make(states, test || testing === true)
  return request.kind === 'state' && isMap(pillar) ? { ...request, pillar } : request
}

/** Salt takes several state files as one text with commas, or as a list. */
function stateNames(word: Data): string[] {
  if (Array.isArray(word)) return word.flatMap(stateNames)
  if (typeof word === 'string') return word.split(',').map((name) => name.trim())
  throw new UserError('bad-argument', `${JSON.stringify(word)} is no name of a state file.`)
}
