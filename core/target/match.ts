import type { DataMap } from '../data.ts'
import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import { contains, parseNetwork } from './address.ts'
import { parseCompound } from './compound.ts'
import { matchesGlob } from './glob.ts'
import { startPattern } from './pattern.ts'
import { matchesData } from './subdict.ts'
import type { Target, TargetKind } from './target.ts'

/** What a target can be matched against. */
export interface Targeted {
  id: string
  grains: DataMap
  pillar: DataMap
}

export type Matcher = (minion: Targeted) => boolean

/** Whether a target means a minion; one that is for many minions is parsed once before. Throws `bad-target`. */
export function matches(target: Target | Matcher, minion: Targeted): boolean {
  return typeof target === 'function' ? target(minion) : parseTarget(target)(minion)
}

/** Makes the test of a target. Throws `bad-target` with what is wrong in it, at the place where it is written. */
export function parseTarget({ kind, expression }: Target, at?: Place): Matcher {
  try {
    return kind === 'compound' ? parseCompound(expression, makeMatcher) : makeMatcher(kind, expression, ':')
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    throw new UserError(thrown.code, thrown.message, { hint: thrown.hint, at })
  }
}

type SimpleKind = Exclude<TargetKind, 'compound'>

/** `delimiter` stands between the steps of a grain's or pillar's key. */
type Make = (expression: string, delimiter: string) => Matcher

const MAKERS: Readonly<Record<SimpleKind, Make>> = {
  glob: (expression) => {
    return ({ id }) => matchesGlob(id, expression)
  },
  list: listMatcher,
  pcre: patternMatcher,
  ipcidr: addressMatcher,
  grain: (expression, delimiter) => {
    return ({ grains }) => matchesData(grains, expression, { delimiter, pattern: globTest })
  },
  pillar: (expression, delimiter) => {
    return ({ pillar }) => matchesData(pillar, expression, { delimiter, pattern: globTest })
  },
  grain_pcre: (expression, delimiter) => patternOf(expression, delimiter, ({ grains }) => grains),
  pillar_pcre: (expression, delimiter) => patternOf(expression, delimiter, ({ pillar }) => pillar),
}

function makeMatcher(kind: SimpleKind, expression: string, delimiter: string): Matcher {
  return MAKERS[kind](expression, delimiter)
}

function listMatcher(expression: string): Matcher {
  const ids = new Set(expression.split(',').map((id) => id.trim()))
  return ({ id }) => ids.has(id)
}

function patternMatcher(expression: string): Matcher {
  const pattern = startPattern(expression)
  return ({ id }) => pattern.test(id)
}

/** Grains and pillar ignore case; ids don't. */
function globTest(glob: string): (text: string) => boolean {
  return (text) => matchesGlob(text, glob, { ignoreCase: true })
}

function patternOf(expression: string, delimiter: string, data: (minion: Targeted) => DataMap): Matcher {
  // The shortest key leaves the whole of the pattern: what is malformed in it is told at once.
  startPattern(expression.split(delimiter).slice(1).join(delimiter), { ignoreCase: true })
  return (minion) => matchesData(data(minion), expression, { delimiter, pattern: patternTest })
}

/** A longer key may cut a pattern in two; half of one matches nothing. */
function patternTest(rest: string): (text: string) => boolean {
  try {
    const pattern = startPattern(rest, { ignoreCase: true })
    return (text) => pattern.test(text)
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    return () => false
  }
}

function addressMatcher(expression: string): Matcher {
  const network = parseNetwork(expression)
  return ({ grains }) =>
    [grains['ipv4'], grains['ipv6']].flat().some((address) => typeof address === 'string' && contains(network, address))
}
