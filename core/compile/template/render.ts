import type { Data, DataMap } from '../../data.ts'
import { isMap } from '../../data.ts'
import { UserError } from '../../errors.ts'
import { nearest } from '../../text/nearest.ts'
import type { Problems } from '../problems.ts'
import { shown } from '../shown.ts'
import type {
  BlockStatement,
  ContentStatement,
  Expression,
  MustacheStatement,
  PartialStatement,
  Program,
  Statement,
} from './ast.ts'
import type { Surroundings } from './expression.ts'
import { call, evaluate } from './expression.ts'
import { HELPERS } from './builtins.ts'
import type { Budget } from './budget.ts'
import type { Writer } from './output.ts'
import type { Template } from './parse.ts'
import { placeOf } from './parse.ts'
import { type Partials, takeIn, takenInAt } from './partial.ts'
import { Scope } from './scope.ts'
import { scalarText } from './text.ts'
import { isTrue } from './truth.ts'

/** Where the text goes, and what values look like in it. */
export interface Rendering extends Surroundings {
  template: Template
  output: Writer
  problems: Problems
  /** Those of the template that partials are taken into, at the outermost. */
  whole: Problems
  budget: Budget
  /** The text is read as YAML afterwards: values go in as marks. */
  yaml: boolean
  partials: Partials
  /** The partials that this text stands in, outermost first. */
  chain: readonly string[]
}

/** Walks a template. What is wrong is collected, and the rest rendered all the same. */
export function renderProgram(program: Program | undefined, scope: Scope, rendering: Rendering): void {
  for (const statement of program?.body ?? []) {
    if (rendering.budget.isSpent) return
    rendering.problems.attempt(() => renderStatement(statement, scope, rendering))
  }
}

function renderStatement(statement: Statement, scope: Scope, rendering: Rendering): void {
  rendering.budget.step(placeOf(rendering.file, statement.loc.start))
  if (statement.type === 'ContentStatement') renderContent(statement, rendering)
  else renderTag(statement, scope, rendering)
}

function renderContent({ value, original, loc }: ContentStatement, { template, output }: Rendering): void {
  // Whitespace control takes away from the ends only.
  const stripped = Math.max(0, original.indexOf(value))
  output.literal(value, template.lines.offset(loc.start.line, loc.start.column + 1) + stripped)
}

function renderTag(statement: Exclude<Statement, ContentStatement>, scope: Scope, rendering: Rendering): void {
  if (statement.type === 'MustacheStatement') renderMustache(statement, scope, rendering)
  else if (statement.type === 'BlockStatement') renderBlock(statement, scope, rendering)
  else if (statement.type === 'PartialStatement') renderPartial(statement, scope, rendering)
  else if (statement.type !== 'CommentStatement') {
    throw new UserError('no-decorators', 'Templates have no blocks of partials and no decorators.', {
      hint: 'A partial is written {{> folder/name}}, and takes values: {{> folder/name port=80}}.',
      at: placeOf(rendering.file, statement.loc.start),
    })
  }
}

function renderPartial(statement: PartialStatement, scope: Scope, rendering: Rendering): void {
  const partial = takeIn(statement, scope, rendering)
  renderProgram(partial.program, partial.scope, partial.rendering)
  const at = placeOf(rendering.file, statement.loc.start)
  for (const error of partial.rendering.problems.errors) rendering.whole.add(takenInAt(error, at))
}

function renderMustache(statement: MustacheStatement, scope: Scope, rendering: Rendering): void {
  const { template, output, yaml } = rendering
  const isCall = statement.params.length > 0 || statement.hash !== undefined
  const found = isCall ? call(statement, scope, rendering) : { value: evaluate(statement.path, scope, rendering) }
  if (found.value === undefined) throw found.error
  const written = rendering.written(statement)
  const at = placeOf(rendering.file, statement.loc.start)
  const text = scalarText(found.value, { written, at })
  const offset = template.lines.offset(statement.loc.start.line, statement.loc.start.column + 1)
  const laidOut =
    isCall && statement.path.type === 'PathExpression' && HELPERS.get(statement.path.original)?.raw === true
  if (yaml && !laidOut) output.value({ text, written, at }, offset)
  else output.raw(text, offset)
}

type Block = (block: BlockStatement, scope: Scope, rendering: Rendering) => void

const BLOCKS: ReadonlyMap<string, Block> = new Map<string, Block>([
  ['if', (block, scope, rendering) => renderIf(block, scope, rendering, true)],
  ['unless', (block, scope, rendering) => renderIf(block, scope, rendering, false)],
  ['each', renderEach],
  ['with', renderWith],
  ['raw', (block, scope, rendering) => renderProgram(block.program, scope, rendering)],
])

function renderBlock(block: BlockStatement, scope: Scope, rendering: Rendering): void {
  const name = block.path.type === 'PathExpression' ? block.path.original : rendering.written(block.path)
  const render = BLOCKS.get(name)
  if (render !== undefined) return render(block, scope, rendering)
  const near = nearest(name, BLOCKS.keys())
  throw new UserError('unknown-helper', `There is no block '${name}'.`, {
    hint: near === undefined ? `Write {{#if ${name}}} or {{#each ${name}}}.` : `Did you mean '${near}'?`,
    at: placeOf(rendering.file, block.path.loc.start),
  })
}

function renderIf(block: BlockStatement, scope: Scope, rendering: Rendering, wanted: boolean): void {
  const condition = onlyArgument(block, rendering)
  const what = { written: rendering.written(condition), at: placeOf(rendering.file, condition.loc.start) }
  const value = evaluate(condition, scope, rendering)
  const includeZero = block.hash?.pairs.some(({ key }) => key === 'includeZero') === true && value === 0
  const truth = includeZero || isTrue(value, what)
  renderProgram(truth === wanted ? block.program : block.inverse, scope, rendering)
}

function renderEach(block: BlockStatement, scope: Scope, rendering: Rendering): void {
  const items = entriesOf(block, scope, rendering)
  if (items.length === 0) return renderProgram(block.inverse, scope, rendering)
  const [valueName, keyName] = block.program?.blockParams ?? []
  for (const [index, { key, value }] of items.entries()) {
    if (rendering.budget.isSpent) return
    rendering.budget.step(placeOf(rendering.file, block.loc.start))
    const data: DataMap = { index, key, first: index === 0, last: index === items.length - 1 }
    const names = new Map<string, Data>()
    if (valueName !== undefined) names.set(valueName, value)
    if (keyName !== undefined) names.set(keyName, key)
    renderProgram(block.program, new Scope(value, scope, data, names), rendering)
  }
}

/** A list's items by index, a map's values by key; null is empty. */
function entriesOf(block: BlockStatement, scope: Scope, rendering: Rendering): { key: string | number; value: Data }[] {
  const argument = onlyArgument(block, rendering)
  const value = evaluate(argument, scope, rendering)
  if (value === null) return []
  if (Array.isArray(value)) return value.map((item, key) => ({ key, value: item }))
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }))
  throw new UserError(
    'template-arguments',
    `{{#each}} goes over a list or a map; '${rendering.written(argument)}' is ${shown(value)}.`,
    {
      at: placeOf(rendering.file, argument.loc.start),
    },
  )
}

function renderWith(block: BlockStatement, scope: Scope, rendering: Rendering): void {
  const argument = onlyArgument(block, rendering)
  const value = evaluate(argument, scope, rendering)
  const what = { written: rendering.written(argument), at: placeOf(rendering.file, argument.loc.start) }
  if (!isTrue(value, what)) return renderProgram(block.inverse, scope, rendering)
  const [name] = block.program?.blockParams ?? []
  const names = new Map<string, Data>(name === undefined ? [] : [[name, value]])
  renderProgram(block.program, new Scope(value, scope, {}, names), rendering)
}

function onlyArgument(block: BlockStatement, rendering: Rendering): Expression {
  const [argument, another] = block.params
  if (argument !== undefined && another === undefined) return argument
  const name = rendering.written(block.path)
  throw new UserError('template-arguments', `{{#${name}}} takes one argument, not ${block.params.length}.`, {
    hint: another === undefined ? undefined : `Put a helper and its arguments in parentheses: {{#${name} (eq a b)}}.`,
    at: placeOf(rendering.file, block.loc.start),
  })
}
