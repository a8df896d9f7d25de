import type { Call, Expression, Program, Statement } from './ast.ts'

/** The steps of every path in a template, such as `['pillar', 'web', 'port']`. */
export function pathsIn(program: Program): readonly (readonly string[])[] {
  return expressionsIn(program).flatMap((one) => (one.type === 'PathExpression' ? [one.parts] : []))
}

/** Every text that stands in a tag. */
export function textsIn(program: Program): readonly string[] {
  return expressionsIn(program).flatMap((one) => (one.type === 'StringLiteral' ? [one.value] : []))
}

function expressionsIn(program: Program | undefined): readonly Expression[] {
  return (program?.body ?? []).flatMap(inStatement)
}

function inStatement(statement: Statement): readonly Expression[] {
  switch (statement.type) {
    case 'MustacheStatement':
      return inCall(statement)
    case 'BlockStatement':
      return [...inCall(statement), ...expressionsIn(statement.program), ...expressionsIn(statement.inverse)]
    case 'PartialStatement':
      return [...statement.params, ...(statement.hash?.pairs ?? []).map(({ value }) => value)].flatMap(inside)
    default:
      return []
  }
}

function inCall({ path, params, hash }: Call): readonly Expression[] {
  return [path, ...params, ...(hash?.pairs ?? []).map(({ value }) => value)].flatMap(inside)
}

function inside(expression: Expression): readonly Expression[] {
  return expression.type === 'SubExpression' ? inCall(expression) : [expression]
}
