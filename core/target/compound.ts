import { UserError } from '../errors.ts'
import type { Matcher } from './match.ts'
import type { TargetKind } from './target.ts'

type SimpleKind = Exclude<TargetKind, 'compound'>
type Make = (kind: SimpleKind, expression: string, delimiter: string) => Matcher

const LETTERS: Readonly<Record<string, SimpleKind>> = {
  G: 'grain',
  E: 'pcre',
  P: 'grain_pcre',
  L: 'list',
  I: 'pillar',
  J: 'pillar_pcre',
  S: 'ipcidr',
}

/** More than a person writes, and what the parser's own calls can bear. */
const MAX_WORDS = 1000

/**
 * Parses `G@roles:worker and not ( web* or E@db\d )`: words with spaces between, `not` before `and` before `or`, `a not b`
 * is `a and not b`. `make` makes the test of one word. Throws `bad-target`.
 */
export function parseCompound(expression: string, make: Make): Matcher {
  const words = expression.split(/\s+/u).filter((word) => word !== '')
  if (words.length > MAX_WORDS) throw bad(`it has more than ${MAX_WORDS} words`)
  const parser = new Parser(expression, words, make)
  return parser.whole()
}

class Parser {
  readonly #expression: string
  readonly #words: readonly string[]
  readonly #make: Make
  #next = 0

  constructor(expression: string, words: readonly string[], make: Make) {
    this.#expression = expression
    this.#words = words
    this.#make = make
  }

  whole(): Matcher {
    const matcher = this.#or()
    const left = this.#words[this.#next]
    if (left !== undefined)
      throw this.#bad(left === ')' ? "a ')' closes nothing" : `'and' or 'or' is missing before '${left}'`)
    return matcher
  }

  #or(): Matcher {
    const sides = [this.#and()]
    while (this.#take('or')) sides.push(this.#and())
    return any(sides)
  }

  #and(): Matcher {
    const sides = [this.#not()]
    for (;;) {
      if (this.#take('and')) sides.push(this.#not())
      else if (this.#words[this.#next] === 'not') sides.push(this.#not())
      else return all(sides)
    }
  }

  #not(): Matcher {
    if (!this.#take('not')) return this.#operand()
    if (this.#words[this.#next] === 'not') throw this.#bad("one 'not' follows another")
    const matcher = this.#operand()
    return (minion) => !matcher(minion)
  }

  #operand(): Matcher {
    const word = this.#words[this.#next]
    if (word === undefined) throw this.#bad(this.#words.length === 0 ? 'it is empty' : 'it ends too early')
    if (word === 'and' || word === 'or' || word === ')') throw this.#bad(`a target is missing before '${word}'`)
    this.#next++
    return word === '(' ? this.#group() : this.#simple(word)
  }

  /** What stands in parentheses; nothing at all means nobody. */
  #group(): Matcher {
    if (this.#take(')')) return () => false
    const matcher = this.#or()
    if (!this.#take(')')) throw this.#bad("a ')' is missing")
    return matcher
  }

  /** `G@key:value`, `G/@key/value` with a delimiter of its own, or a glob; an unknown letter is part of a glob. */
  #simple(word: string): Matcher {
    const match = /^(?:(?<keyed>[GPIJ])(?<delimiter>[^\s@])?|(?<plain>[ELSRN]))@(?<rest>.+)$/u.exec(word)
    const { keyed, delimiter, plain, rest } = match?.groups ?? {}
    const letter = keyed ?? plain
    if (letter === undefined || rest === undefined) {
      // No minion's id has one: this is no glob but a word that lacks its space, and would match nobody without a word.
      if (/[()]/u.test(word)) throw this.#bad(`'${word}' lacks a space beside its parenthesis`)
      return this.#make('glob', word, ':')
    }
    const kind = LETTERS[letter]
    if (kind !== undefined) return this.#make(kind, rest, delimiter ?? ':')
    throw this.#bad(`'${letter}@' (${letter === 'R' ? 'ranges' : 'node groups'}) is not known here`)
  }

  #take(word: string): boolean {
    if (this.#words[this.#next] !== word) return false
    this.#next++
    return true
  }

  #bad(why: string): UserError {
    return bad(why, this.#expression)
  }
}

function any(sides: readonly Matcher[]): Matcher {
  return (minion) => sides.some((side) => side(minion))
}

function all(sides: readonly Matcher[]): Matcher {
  return (minion) => sides.every((side) => side(minion))
}

function bad(why: string, expression = ''): UserError {
  return new UserError('bad-target', `The target '${expression.slice(0, 200)}' is malformed: ${why}.`, {
    hint: "Write it as 'G@roles:worker and not ( web* or db* )', with spaces around parentheses.",
  })
}
