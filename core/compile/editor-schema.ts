import { z } from 'zod'
import type { Catalog } from '../module/module.ts'
import type { AnyState } from '../module/state.ts'
import { OPTIONS } from './options.ts'
import { COMBINED, GUARDS, IGNORED } from './words.ts'

/** A JSON Schema, as far as it is looked into here. */
type Schema = Record<string, unknown>

/** What Handlebars puts in can be of any type: only rendering shows. */
const RENDERED: Schema = { type: 'string', pattern: '\\{\\{' }

/**
 * The schema of a state file for editors (JSON Schema, draft 7, which the YAML language server reads best): every state
 * function with its arguments and what they mean, in the short and the long form, as a list or a map.
 */
export function stateFileSchema(catalog: Catalog): Schema {
  const functions = [...catalog.states].toSorted(([one], [other]) => (one < other ? -1 : 1))
  const common = commonWords()
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A state file of Butler',
    type: ['object', 'null'],
    properties: {
      include: { description: 'State files that come along, dotted: [web, .beside].', type: 'array' },
      exclude: { description: 'Ids, or state files as `sls: name`, that take no part.', type: ['array', 'string'] },
      extend: { description: 'Arguments that are laid over states of other files.', type: 'object' },
    },
    additionalProperties: { $ref: '#/definitions/declaration' },
    definitions: {
      declaration: {
        description: 'A state id: the states that it stands for.',
        anyOf: [
          { type: 'string', enum: functions.map(([name]) => name) },
          { type: 'string', pattern: '\\{\\{' },
          {
            type: 'object',
            properties: Object.fromEntries(functions.map(([name, { summary }]) => [name, bodyOf(name, summary)])),
            // The long form: `file: [managed, {mode: 644}]`.
            patternProperties: { '^[a-z0-9_]+$': { type: ['array', 'object', 'string'] } },
            additionalProperties: false,
          },
        ],
      },
      common,
      arguments: Object.fromEntries(functions.map(([name, state]) => [name, argumentsSchema(state, common)])),
    },
  }
}

/** Salt's list of one-key maps, a plain map, or nothing. */
function bodyOf(name: string, description: string): Schema {
  const one = { $ref: `#/definitions/arguments/${name}` }
  return { description, anyOf: [{ type: 'null' }, { type: 'array', items: one }, one] }
}

function argumentsSchema({ args, ignores = {} }: AnyState, common: Schema): Schema {
  const shared = Object.keys(common).map((word) => [word, { $ref: `#/definitions/common/${word}` }])
  const ignored = Object.entries(ignores).map(withoutEffect)
  const properties = { ...Object.fromEntries([...shared, ...ignored]), ...argumentsOf(args) }
  return { type: 'object', properties, additionalProperties: false }
}

function argumentsOf(args: z.ZodType): Schema {
  const { properties } = z.toJSONSchema(args, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // It takes more than what comes out of it: `mode: 644` is a number, and a text afterwards.
      if (isPreprocess(zodSchema))
        for (const key of Object.keys(jsonSchema)) if (key !== 'description') delete jsonSchema[key]
    },
  })
  return Object.fromEntries(Object.entries(properties ?? {}).map(([name, schema]) => [name, orRendered(schema)]))
}

function isPreprocess(schema: unknown): boolean {
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform
}

/** What is described stays at the top, where editors look for it. */
function orRendered(schema: unknown): Schema {
  const { description, default: standard, ...rest } = isSchema(schema) ? schema : {}
  const told = {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
  }
  // Data of any shape is described by itself, again and again: it is left open.
  const isOpen = Object.keys(rest).length === 0 || JSON.stringify(rest).includes('"$ref"')
  return isOpen ? told : { ...told, anyOf: [rest, RENDERED] }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutEffect([word, why]: [string, string]): [string, Schema] {
  return [word, { description: `It has no effect: ${why}.` }]
}

/** What every state takes besides its own arguments. */
function commonWords(): Schema {
  const references = { type: ['array', 'object'], description: 'States, as [{module: id}], [id] or [{sls: file}].' }
  return {
    ...argumentsOf(OPTIONS),
    ...Object.fromEntries([...COMBINED].map((word) => [word, references])),
    ...Object.fromEntries([...GUARDS].map((word) => [word, { description: 'When the state is not needed.' }])),
    ...Object.fromEntries([...IGNORED].map(withoutEffect)),
    name: { description: 'What the state is about; the id when it is left out.' },
    names: { type: 'array', description: 'Several names: a state for each.' },
    order: { description: "A number, 'first' or 'last'." },
  }
}
