import { z } from 'zod'
import type { AnyFunction } from '../module/fn.ts'
import type { Module } from '../module/module.ts'
import type { AnyState } from '../module/state.ts'

/** A JSON Schema, as far as it is looked into here. */
type Schema = Record<string, unknown>

/** The reference page of a subject, in Markdown: all its states, then all its execution functions. */
export function subjectPage(subject: string, { summary, states, functions }: Module): string {
  const parts = [
    `# ${subject}\n\n${summary}`,
    ...section(
      'States',
      Object.entries(states).map(([name, state]) => stateEntry(name, state)),
    ),
    ...section(
      'Execution functions',
      Object.entries(functions).map(([name, one]) => functionEntry(name, one)),
    ),
  ]
  return `${parts.join('\n\n')}\n`
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`## ${title}`, ...entries]
}

/** What a state is for, takes and reports, with its example. */
export function stateEntry(name: string, { summary, args, reports, example, ...rest }: AnyState): string {
  const changes = Object.entries(reports).map(([key, what]) => `- \`${key}\`: ${what}`)
  return [
    `### ${name}`,
    summary,
    fenced('yaml', withoutIndent(example)),
    argumentTable(args),
    ...(changes.length === 0 ? [] : [`In its changes:\n\n${changes.join('\n')}`]),
    ...(rest.watched === undefined ? [] : ['It acts when something that it watches or listens to changed.']),
  ].join('\n\n')
}

/** What an execution function is for and takes, with its example. */
export function functionEntry(name: string, { summary, args, example, changes }: AnyFunction): string {
  const table = argumentTable(args)
  return [
    `### ${name}`,
    changes === true ? `${summary} It may change the machine.` : summary,
    fenced('sh', `butler-call ${example}`),
    ...(table === '' ? [] : [table]),
  ].join('\n\n')
}

function argumentTable(args: z.ZodType): string {
  // What may be written says what must be; what comes out of it, such as a text of a number, says what it is.
  const required = new Set(listOf(schemaOf(args, 'input')['required']))
  const properties = Object.entries(mapOf(schemaOf(args, 'output')['properties']))
  if (properties.length === 0) return ''
  const rows = properties.map(([name, value]) => {
    const schema = mapOf(value)
    const cells = [`\`${name}\``, typeOf(schema), standardOf(name, schema, required), textOf(schema['description'])]
    return `| ${cells.map(cell).join(' | ')} |`
  })
  return ['| Argument | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function schemaOf(args: z.ZodType, io: 'input' | 'output'): Schema {
  return mapOf(z.toJSONSchema(args, { target: 'draft-7', io, unrepresentable: 'any' }))
}

function standardOf(name: string, schema: Schema, required: ReadonlySet<unknown>): string {
  if (schema['default'] !== undefined) return `\`${JSON.stringify(schema['default'])}\``
  if (name === 'name') return 'the id'
  return required.has(name) ? 'must be given' : ''
}

function typeOf(schema: Schema): string {
  const { type } = schema
  if (Array.isArray(schema['enum'])) return schema['enum'].map((one) => `\`${textOf(one)}\``).join(', ')
  if (Array.isArray(schema['anyOf'])) return [...new Set(schema['anyOf'].map((one) => typeOf(mapOf(one))))].join(' or ')
  if (type === 'array') return `list of ${typeOf(mapOf(schema['items']))}`
  if (type === 'object') return 'map'
  if (type === 'string') return 'text'
  if (type === 'integer') return 'whole number'
  return typeof type === 'string' ? type : schema['allOf'] === undefined ? 'text' : 'any'
}

/** A table's cell can't hold a bar or the end of a line. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/gu, ' ')
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}

/** Examples are written with the indentation of the code around them. */
function withoutIndent(example: string): string {
  const lines = example.replace(/^\n/u, '').trimEnd().split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/u))
  const least = Math.min(...indents)
  return lines.map((line) => line.slice(least)).join('\n')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

function mapOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
