import type { Data } from '../../data.ts'
import type { Place } from '../../errors.ts'
import { formatPlace, UserError } from '../../errors.ts'
import { suggest } from '../../text/nearest.ts'
import { Problems } from '../problems.ts'
import type { PartialStatement, Program } from './ast.ts'
import { evaluate } from './expression.ts'
import { parseTemplate, placeOf, type Template, writtenIn } from './parse.ts'
import type { Rendering } from './render.ts'
import { Scope } from './scope.ts'

/** The pieces of templates that other templates take in: `{{> web/listen port=80}}` is `states/web/listen.hbs`. */
export interface Partials {
  /** Its text, and how errors name its file; `undefined` when there is none. */
  find(name: string): { text: string; file: string } | undefined
  names(): readonly string[]
}

/** More is a partial that takes itself in. */
const MAX_CHAIN = 32

/** A partial in its place. It sees all that is seen there, and the values that it is given. */
export interface TakenIn {
  program: Program
  scope: Scope
  rendering: Rendering
}

/** What to render in a partial's place; its problems are collected apart. Throws `UserErrors`. */
export function takeIn(statement: PartialStatement, scope: Scope, rendering: Rendering): TakenIn {
  const at = placeOf(rendering.file, statement.loc.start)
  const name = nameOf(statement, rendering, at)
  const chain = [...rendering.chain, name]
  if (chain.length > MAX_CHAIN) throw endless(chain, at)
  const found = rendering.partials.find(name)
  if (found === undefined) throw unknown(name, rendering.partials.names(), at)
  const inner = scopeOf(statement, scope, rendering, at)
  const { file } = found
  const template = parsed({ text: textOf(found.text, statement, rendering.template), file }, at)
  const { program, lines } = template
  const output = rendering.output.partial({ file, lines }, statement.indent)
  const problems = new Problems()
  return {
    program,
    scope: inner,
    rendering: { ...rendering, file, written: writtenIn(template), template, output, problems, chain },
  }
}

/** The line's end at a file's end is part of a line of its own, not of a value in the middle of one. */
function textOf(text: string, { loc }: PartialStatement, { text: around, lines }: Template): string {
  const before = around.slice(lines.offset(loc.start.line, 1), lines.offset(loc.start.line, loc.start.column + 1))
  const after = around.slice(lines.offset(loc.end.line, loc.end.column + 1)).split('\n', 1)[0] ?? ''
  return (before + after).trim() === '' ? text : text.replace(/\r?\n$/u, '')
}

function nameOf({ name }: PartialStatement, rendering: Rendering, at: Place): string {
  if (name.type === 'PathExpression') return name.original
  if (name.type === 'StringLiteral') return name.value
  throw new UserError('bad-partial', `A partial is named by a word, not by ${rendering.written(name)}.`, {
    hint: 'Choose between partials with {{#if}}.',
    at,
  })
}

function scopeOf(statement: PartialStatement, scope: Scope, rendering: Rendering, at: Place): Scope {
  const [context, another] = statement.params
  if (another !== undefined) {
    throw new UserError('bad-partial', `A partial takes values by name, not ${statement.params.length} of them.`, {
      hint: 'Write {{> folder/name port=80}}.',
      at,
    })
  }
  const value = context === undefined ? scope.value : evaluate(context, scope, rendering)
  const pairs = (statement.hash?.pairs ?? []).map((pair): [string, Data] => [
    pair.key,
    evaluate(pair.value, scope, rendering),
  ])
  return new Scope(value, scope, {}, new Map(pairs))
}

function parsed({ text, file }: { text: string; file: string }, at: Place): Template {
  const problems = new Problems()
  const template = problems.attempt(() => parseTemplate(text, file))
  if (template !== undefined) return template
  const found = new Problems()
  for (const error of problems.errors) found.add(takenInAt(error, at))
  found.throwIfAny()
  throw new Error('A template that could not be read has an error.')
}

/** An error in a partial; who looks for it wants to know who takes the partial in. */
export function takenInAt(error: UserError, at: Place): UserError {
  const hint = [error.hint, `The partial is taken in at ${formatPlace(at)}.`].filter((part) => part !== undefined)
  return new UserError(error.code, error.message, { hint: hint.join(' '), at: error.at, cause: error })
}

function unknown(name: string, names: readonly string[], at: Place): UserError {
  return new UserError('unknown-partial', `There is no partial '${name}' (states/${name}.hbs).`, {
    hint: suggest(name, names) ?? 'A partial is a file NAME.hbs in a folder of states.',
    at,
  })
}

function endless(chain: readonly string[], at: Place): UserError {
  const again = chain.at(-1) ?? ''
  const round = chain.slice(chain.indexOf(again))
  const until = round.indexOf(again, 1)
  return new UserError(
    'endless-partial',
    `The partial '${again}' takes itself in: ${round.slice(0, until + 1).join(' > ')}.`,
    {
      hint: 'Put what differs into its values, or end it with {{#if}}.',
      at,
    },
  )
}
