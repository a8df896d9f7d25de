import type { z } from 'zod'
import type { AnyFunction } from '../module/fn.ts'
import type { Module } from '../module/module.ts'
import type { AnyState } from '../module/state.ts'
import { argumentsOf, type TakenArgument } from './argument.ts'

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
export function stateEntry(name: string, { summary, args, reports, ignores = {}, example, ...rest }: AnyState): string {
  const changes = Object.entries(reports).map(([key, what]) => `- ${keysOf(key)}: ${what}`)
  return [
    `### ${name}`,
    summary,
    fenced('yaml', withoutIndent(example)),
    argumentTable(args, true),
    ...(Object.keys(ignores).length === 0
      ? []
      : [`Taken from Salt's states, without an effect:\n\n${ignored(ignores)}`]),
    ...(changes.length === 0 ? [] : [`In its changes:\n\n${changes.join('\n')}`]),
    ...(rest.watched === undefined ? [] : ['It acts when something that it watches or listens to changed.']),
  ].join('\n\n')
}

function ignored(ignores: Readonly<Record<string, string>>): string {
  return Object.entries(ignores)
    .map(([name, why]) => `- \`${name}\`: ${why}.`)
    .join('\n')
}

/** What an execution function is for and takes, with its example. */
export function functionEntry(name: string, { summary, args, example, changes }: AnyFunction): string {
  const table = argumentTable(args, false)
  return [
    `### ${name}`,
    changes === true ? `${summary} It may change the machine.` : summary,
    fenced('sh', `butler-call ${example}`),
    ...(table === '' ? [] : [table]),
  ].join('\n\n')
}

function argumentTable(args: z.ZodType, idIsName: boolean): string {
  const all = argumentsOf(args)
  if (all.length === 0) return ''
  const rows = all.map((argument) => {
    const { name, written, meaning } = argument
    return `| ${[`\`${name}\``, written, standing(argument, idIsName), meaning].map(cell).join(' | ')} |`
  })
  return ['| Argument | Written as | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** What holds when it is left out. That an empty list or text does needs no saying. */
function standing({ name, isRequired, standard }: TakenArgument, idIsName: boolean): string {
  if (isRequired) return name === 'name' && idIsName ? 'the id' : 'must be given'
  const shown = JSON.stringify(standard)
  return shown === undefined || ['[]', '{}', '""'].includes(shown) ? '' : `\`${shown}\``
}

/** `uid|gid` is two keys of one meaning. */
function keysOf(key: string): string {
  return key
    .split('|')
    .map((one) => `\`${one}\``)
    .join(', ')
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
