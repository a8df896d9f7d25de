import { isDeepStrictEqual } from 'node:util'
import type { Data, DataMap } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { brief } from './brief.ts'

/** A question to a minion, and what its answer must be. */
export interface Condition {
  function: string
  positional: readonly Data[]
  named: DataMap
  /** The condition in words. */
  what: string
  /** Why an answer does not do, as in `answered false`; `undefined` for one that does. */
  judge: (answer: Data) => string | undefined
}

/** What a step says of its question, as checked by its schema. */
export interface Asked {
  /** The step's id, for errors. */
  id: string
  /** Which argument names the function: `until` or `function`. */
  asks: string
  function: string | undefined
  command: string | undefined
  arg: readonly Data[]
  kwarg: DataMap
  equals: Data | undefined
  has: readonly string[] | undefined
  matches: string | undefined
}

/** A step's question: a function, or a shell command. Throws a `UserError` when it is neither or both. */
export function conditionOf(asked: Asked): Condition {
  const { id, asks, function: name, command, arg, kwarg } = asked
  if ((name === undefined) === (command === undefined)) {
    throw new UserError('bad-condition', `The step '${id}' needs either '${asks}' or 'command', and not both.`, {
      hint: `Such as \`${asks}: consul.has_leader\`, or \`command: systemctl is-active postgresql\`.`,
    })
  }
  if (name !== undefined) {
    const { judge, wants } = expectation(asked)
    return { function: name, positional: arg, named: kwarg, judge, what: wants === '' ? name : `${name} ${wants}` }
  }
  const words = { positional: [command ?? ''], named: {} }
  // Its output is only fetched when something is expected of it.
  if (asked.equals === undefined && asked.has === undefined && asked.matches === undefined) {
    return { function: 'cmd.run_all', ...words, judge: exitCode, what: `'${command}' succeeds` }
  }
  // What a command prints is text.
  const { judge, wants } = expectation({
    ...asked,
    equals: typeof asked.equals === 'number' ? String(asked.equals) : asked.equals,
  })
  return { function: 'cmd.run_stdout', ...words, judge, what: `'${command}' ${wants}` }
}

interface Expectation {
  judge: Condition['judge']
  /** In words; empty for anything true. */
  wants: string
}

function expectation({ id, equals, has, matches }: Asked): Expectation {
  const given = [equals, has, matches].filter((each) => each !== undefined)
  if (given.length > 1) {
    throw new UserError('bad-condition', `The step '${id}' says more than one of 'equals', 'has' and 'matches'.`, {
      hint: 'Write a step for each.',
    })
  }
  if (equals !== undefined) return { judge: equalTo(equals), wants: `is ${brief(equals)}` }
  if (has !== undefined) return { judge: having(has), wants: `has ${has.join(', ')}` }
  if (matches !== undefined) return { judge: matching(id, matches), wants: `matches /${matches}/` }
  return { judge: (answer) => (isTrue(answer) ? undefined : `answered ${brief(answer)}`), wants: '' }
}

function equalTo(wanted: Data): Condition['judge'] {
  return (answer) => (isDeepStrictEqual(answer, wanted) ? undefined : `answered ${brief(answer)}`)
}

/** The names are items of a list, keys of a map, or lines of a text. */
function having(names: readonly string[]): Condition['judge'] {
  return (answer) => {
    const there = namesIn(answer)
    const missing = names.filter((name) => !there.includes(name))
    if (missing.length === 0) return undefined
    return `has no ${missing.join(', ')}: there is ${there.length === 0 ? 'nothing' : brief(there)}`
  }
}

function namesIn(answer: Data): string[] {
  if (typeof answer === 'string') return answer.split('\n').map((line) => line.trim())
  if (Array.isArray(answer)) return answer.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
  return isMap(answer) ? Object.keys(answer) : []
}

function matching(id: string, pattern: string): Condition['judge'] {
  let regex: RegExp
  try {
    regex = new RegExp(pattern, 'mu')
  } catch (cause) {
    throw new UserError('bad-condition', `'matches' of the step '${id}' is no regular expression: ${pattern}`, {
      cause,
    })
  }
  return (answer) => {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    return regex.test(text) ? undefined : `answered ${brief(answer)}`
  }
}

/** A command says best itself what is wrong. */
function exitCode(answer: Data): string | undefined {
  if (!isMap(answer)) return `answered ${brief(answer)}`
  const { retcode, stdout, stderr } = answer
  if (retcode === 0) return undefined
  const said = lastLine(stderr) || lastLine(stdout)
  return `ended with ${brief(retcode)}${said === '' ? '' : `: ${said}`}`
}

function lastLine(text: Data | undefined): string {
  return typeof text === 'string' ? (text.trim().split('\n').at(-1) ?? '') : ''
}

/** Empty lists and maps are as good as nothing, as in Salt. */
function isTrue(answer: Data): boolean {
  if (Array.isArray(answer)) return answer.length > 0
  return isMap(answer) ? Object.keys(answer).length > 0 : Boolean(answer)
}
