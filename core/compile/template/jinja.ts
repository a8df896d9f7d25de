import { UserError } from '../../errors.ts'
import { lineStarts } from '../../text/mapped.ts'

const STATEMENT = /\{%[-+]?\s*(\w+)([^%]*)%\}/gu
const COMMENT = /(?<!\{)\{#(?!\w+[ }])[^\n]*?#\}/gu
const OUTPUT = /(?<![\\{])\{\{(?![!#/>^&{])[~-]?((?:[^{}]|\{[^{}]*\})*)\}\}/gu

/** What only Jinja has: filters, calls, indexes in brackets, `~`. Handlebars' own `as |x|` is none of these. */
const ONLY_JINJA =
  /\w\s*\[\s*['"\w]|[\w\])'"]\s*\|\s*\w+|\w\(|[\w'"\])]\s*[~+]\s*['"\w]|\s(?:if|else|and|or|in|is|not)\s|==|!=/u

/** One error for each thing in a text that is Jinja, with the Handlebars form where it is plain. */
export function findJinja(text: string, file: string): UserError[] {
  if (!text.includes('{%') && !text.includes('{#') && !text.includes('{{')) return []
  const found = [
    ...[...text.matchAll(STATEMENT)].map(({ 0: whole, 1: word = '', 2: rest = '', index }) => ({
      index,
      whole,
      form: statementForm(word, rest.replace(/-$/u, '').trim()),
    })),
    ...[...text.matchAll(COMMENT)].map(({ 0: whole, index }) => ({
      index,
      whole,
      form: `{{!-- ${whole.slice(2, -2).trim()} --}}`,
    })),
    ...[...text.matchAll(OUTPUT)].flatMap(({ 0: whole, 1: inner = '', index }) => {
      const expression = inner.replace(/-$/u, '').trim()
      return !/^else\b/u.test(expression) && isJinja(expression)
        ? [{ index, whole, form: `{{${expressionForm(expression)}}}` }]
        : []
    }),
  ].toSorted((one, other) => one.index - other.index)
  const lines = found.length === 0 ? undefined : lineStarts(text)
  return found.map(
    ({ index, whole, form }) =>
      new UserError('jinja', `This is Jinja: ${short(whole)}. Butler's templates are Handlebars.`, {
        hint: `Write ${form}`,
        at: { file, ...lines?.position(index) },
      }),
  )
}

function isJinja(expression: string): boolean {
  // Text in quotes says nothing about the language around it.
  const bare = expression.replaceAll(/'[^']*'|"[^"]*"/gu, (quoted) => `'${'x'.repeat(Math.max(0, quoted.length - 2))}'`)
  const withoutHandlebars = bare
    .replace(/\sas\s+\|[^|]*\|/u, '')
    .replaceAll(/\.\[[^\]]*\]|(?<![\w)\]])\((?:in|not|and|or)?/gu, '')
  return ONLY_JINJA.test(withoutHandlebars)
}

function statementForm(word: string, rest: string): string {
  const expression = expressionForm(rest)
  const each = /^(\w+)(?:\s*,\s*(\w+))?\s+in\s+(.+)$/u.exec(rest)
  if (word === 'for' && each !== null) {
    const [, first, second, list = ''] = each
    const over = expressionForm(list.replace(/\.(?:items|iteritems)\(\)$/u, ''))
    return `{{#each ${over} as |${second === undefined ? first : `${second} ${first}`}|}} ... {{/each}}`
  }
  if (word === 'if') return `{{#if ${nested(expression)}}} ... {{/if}}`
  if (word === 'elif') return `{{else if ${nested(expression)}}}`
  if (word === 'else') return '{{else}}'
  if (word === 'endif') return '{{/if}}'
  if (word === 'endfor') return '{{/each}}'
  if (word === 'raw' || word === 'endraw') return '{{{{raw}}}} ... {{{{/raw}}}}'
  if (word === 'include' || word === 'import' || word === 'from')
    return 'an `include:` of a state file, or put the values into pillar'
  return "the values into pillar, such as the folder's defaults.yaml"
}

/** The commonest expressions in Handlebars' words; others as they are. */
function expressionForm(expression: string): string {
  for (const word of ['or', 'and']) {
    const [left = '', ...right] = expression.split(new RegExp(`\\s${word}\\s`, 'u'))
    if (right.length > 0)
      return [word, ...[left, ...right].map((side) => nested(expressionForm(side.trim())))].join(' ')
  }
  const membership = /^(.+?)\s+(not\s+)?in\s+(.+)$/u.exec(expression)
  if (membership !== null) {
    const form = `in ${nested(expressionForm(membership[1] ?? ''))} ${nested(expressionForm(membership[3] ?? ''))}`
    return membership[2] === undefined ? form : `not (${form})`
  }
  const comparison = /^(.+?)\s*(==|!=)\s*(.+)$/u.exec(expression)
  if (comparison !== null) {
    const [, left = '', operator, right = ''] = comparison
    return `${operator === '==' ? 'eq' : 'ne'} ${nested(expressionForm(left))} ${nested(expressionForm(right))}`
  }
  const negation = /^not\s+(.+)$/u.exec(expression)
  if (negation?.[1] !== undefined) return `not ${nested(expressionForm(negation[1]))}`
  const call = /^salt\[['"](pillar|grains)\.get['"]\]\(\s*['"]([^'"]+)['"]\s*(?:,\s*(.+?)\s*)?\)$/u.exec(expression)
  if (call !== null) return withDefault(`${call[1]}.${(call[2] ?? '').replaceAll(':', '.')}`, call[3])
  const get = /^(.+)\.get\(\s*['"]([^'"]+)['"]\s*(?:,\s*(.+?)\s*)?\)$/u.exec(expression)
  if (get !== null) return withDefault(`${paths(get[1] ?? '')}.${get[2]}`, get[3])
  const filter = /^(.+?)\s*\|\s*(\w+)(?:\((.*)\))?$/u.exec(expression)
  if (filter !== null) return filterForm(nested(expressionForm(filter[1] ?? '')), filter[2] ?? '', filter[3])
  return paths(expression)
}

function filterForm(value: string, filter: string, argument: string | undefined): string {
  if (filter === 'default') return withDefault(value, argument)
  if (filter === 'join') return `join ${value} ${argument ?? "''"}`
  if (filter === 'indent') return `indent ${/^\d+/u.exec(argument ?? '')?.[0] ?? '4'} ${value}`
  if (filter === 'json' || filter === 'tojson') return `json ${value}`
  if (filter === 'yaml') return `yaml ${value}`
  return filter === 'length' || filter === 'count' ? `length ${value}` : value
}

function withDefault(value: string, fallback: string | undefined): string {
  return fallback === undefined || fallback === '' ? value : `default ${value} ${nested(expressionForm(fallback))}`
}

/** `pillar['a']['b']` is `pillar.a.b`. */
function paths(expression: string): string {
  return expression.replaceAll(/\[\s*['"]([\w-]+)['"]\s*\]/gu, '.$1').replaceAll(/\[\s*(\w+)\s*\]/gu, '.$1')
}

function nested(expression: string): string {
  return /\s/u.test(expression) && !/^['"][^'"]*['"]$/u.test(expression) ? `(${expression})` : expression
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
