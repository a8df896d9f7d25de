import type { DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import type { YamlEntry, YamlScalar } from '../text/yaml/node.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { SourceFiles } from './files.ts'
import { isButlerUrl } from './files.ts'
import type { Argument } from './high.ts'
import { mergeData } from './merge.ts'
import { Problems } from './problems.ts'
import { shown } from './shown.ts'
import type { Context } from './template.ts'
import { isTemplate, renderTemplate } from './template.ts'

const TEMPLATE_WORDS = ['template', 'context', 'defaults'] as const

/**
 * Works off `template`: the source is rendered here, with `defaults` and `context` as more names, and becomes
 * `contents`. Without a template the arguments stay as they are.
 */
export function renderSource(
  args: ReadonlyMap<string, Argument>,
  argument: string,
  around: Around,
): ReadonlyMap<string, Argument> {
  const asked = askedFor(args, argument)
  if (asked === undefined) return without(args, TEMPLATE_WORDS)
  const { source, url } = asked
  const { text, file } = around.files.template(url, source.value.at)
  const rendered = renderTemplate(text, file, contextOf(args, url, around))
  const contents = { name: 'contents', at: source.at, value: scalar(rendered, source.value.at) }
  return new Map([...without(args, [...TEMPLATE_WORDS, argument]), ['contents', contents]])
}

/**
 * The same for a folder: the files that are templates are rendered here and become `rendered`, by their paths in the
 * folder; the others are copied as they are.
 */
export function renderTree(
  args: ReadonlyMap<string, Argument>,
  argument: string,
  around: Around,
): ReadonlyMap<string, Argument> {
  const asked = askedFor(args, argument)
  if (asked === undefined) return without(args, TEMPLATE_WORDS)
  const { source, url } = asked
  const { at } = source.value
  const context = contextOf(args, url, around)
  const problems = new Problems()
  const templates = [...around.files.templates(url, at)].filter(([, { text }]) => isTemplate(text))
  const entries = templates.flatMap(([key, { text, file }]): YamlEntry[] => {
    const rendered = problems.attempt(() => renderTemplate(text, file, context))
    return rendered === undefined ? [] : [{ key, at, value: scalar(rendered, at) }]
  })
  problems.throwIfAny()
  const rendered = { name: 'rendered', at: source.at, value: { kind: 'map' as const, entries, at } }
  return new Map([...without(args, TEMPLATE_WORDS), ['rendered', rendered]])
}

interface Around {
  files: SourceFiles
  context: Context
}

/** The names of a state file, those of the source's own folder, and those that the state gives. */
function contextOf(args: ReadonlyMap<string, Argument>, url: string, { files, context }: Around): Context {
  const given = mergeData(namesIn(args.get('defaults')), namesIn(args.get('context')))
  return { ...context, more: mergeData(files.platformMap(url, context), given) }
}

function scalar(value: string, at: Place): YamlScalar {
  return { kind: 'scalar', value, at }
}

/** The source that is to be rendered, if any is. */
function askedFor(
  args: ReadonlyMap<string, Argument>,
  argument: string,
): { source: Argument; url: string } | undefined {
  const template = args.get('template')
  if (template === undefined) return undefined
  const kind = dataOf(template.value)
  if (kind === null || kind === false) return undefined
  if (kind !== true && kind !== 'handlebars') {
    const jinja =
      kind === 'jinja'
        ? "Butler's templates are Handlebars: rewrite the file and write `template: handlebars`."
        : undefined
    const hint = jinja ?? 'Write `template: handlebars`.'
    throw new UserError('bad-template', `There is no template language ${shown(kind)}.`, { hint, at: template.at })
  }
  const source = args.get(argument)
  const url = source === undefined ? undefined : dataOf(source.value)
  if (source === undefined || !isButlerUrl(url)) {
    throw new UserError(
      'bad-template',
      `'template' renders a ${argument} that begins with butler://, not ${shown(url)}.`,
      {
        hint: 'State files are templates already: `contents` needs no `template`.',
        at: template.at,
      },
    )
  }
  return { source, url }
}

function without(args: ReadonlyMap<string, Argument>, names: readonly string[]): Map<string, Argument> {
  return new Map([...args].filter(([name]) => !names.includes(name)))
}

function namesIn(argument: Argument | undefined): DataMap {
  if (argument === undefined) return {}
  const data = dataOf(argument.value)
  if (isMap(data)) return data
  if (Array.isArray(data) && data.every(isMap)) return data.reduce((all, one) => ({ ...all, ...one }), {})
  throw new UserError('bad-argument', `'${argument.name}' must be a map, not ${shown(data)}.`, { at: argument.at })
}
