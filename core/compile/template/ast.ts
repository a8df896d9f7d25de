/** Lines from 1, columns from 0, as Handlebars counts. */
export interface Position {
  line: number
  column: number
}

interface Node {
  loc: { start: Position; end: Position }
}

/** What Handlebars' parser makes of a template: the parts of its tree that Butler reads. */
export interface Program extends Node {
  type: 'Program'
  body: Statement[]
  blockParams?: string[]
}

export type Statement =
  | ContentStatement
  | MustacheStatement
  | BlockStatement
  | PartialStatement
  | (Node & { type: 'CommentStatement' })
  | Unsupported

export interface ContentStatement extends Node {
  type: 'ContentStatement'
  /** After whitespace control. */
  value: string
  /** As the file has it. */
  original: string
}

/** A helper's name with its arguments, or a path alone. */
export interface Call extends Node {
  path: Expression
  params: Expression[]
  hash?: Hash
}

export interface MustacheStatement extends Call {
  type: 'MustacheStatement'
}

export interface BlockStatement extends Call {
  type: 'BlockStatement'
  program?: Program
  inverse?: Program
}

export interface PartialStatement extends Node {
  type: 'PartialStatement'
  name: Expression
  params: Expression[]
  hash?: Hash
  /** The blanks before it when it stands alone on its line: all lines of the partial begin with them. */
  indent: string
}

interface Unsupported extends Node {
  type: 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock'
}

export interface Hash {
  pairs: { key: string; value: Expression }[]
}

export type Expression = PathExpression | SubExpression | Literal

export interface PathExpression extends Node {
  type: 'PathExpression'
  /** `@index` and the like. */
  data: boolean
  /** How many `../` stand before it. */
  depth: number
  parts: string[]
  original: string
}

export interface SubExpression extends Call {
  type: 'SubExpression'
}

export type Literal = Node &
  (
    | { type: 'StringLiteral'; value: string }
    | { type: 'NumberLiteral'; value: number }
    | { type: 'BooleanLiteral'; value: boolean }
    | { type: 'NullLiteral' }
    | { type: 'UndefinedLiteral' }
  )
