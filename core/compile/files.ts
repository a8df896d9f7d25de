import type { Data, DataMap } from '../data.ts'
import { isMap } from '../data.ts'
import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import { suggest } from '../text/nearest.ts'
import { dataOf } from '../text/yaml/node.ts'
import type { Argument } from './high.ts'
import type { FileRef } from './low.ts'
import { mergeData } from './merge.ts'
import type { Problems } from './problems.ts'
import { shown } from './shown.ts'
import type { Snapshot } from './snapshot.ts'
import type { Context } from './template.ts'
import { renderTemplate } from './template.ts'

const FOLDER = 'states/'

/** The files of a snapshot that chunks name as `butler://path`, or `salt://path`. */
export class SourceFiles {
  readonly refs = new Map<string, FileRef>()
  readonly #snapshot: Snapshot
  readonly #read: (path: string) => void
  readonly #problems: Problems

  constructor(snapshot: Snapshot, read: (path: string) => void, problems: Problems) {
    this.#snapshot = snapshot
    this.#read = read
    this.#problems = problems
  }

  /**
   * Notes the file, or every file of the tree, behind a URL, and gives the URL in Butler's form. As in Salt a file that
   * is missing fails its state alone, when it runs; here it is a warning with the nearest path.
   */
  resolve(url: string, what: 'file' | 'tree', at: Place): string {
    const path = this.#path(url, at)
    const found = what === 'file' ? [path] : this.#below(path)
    const missing = what === 'file' ? this.#snapshot.ref(path) === undefined : found.length === 0
    if (missing) this.#problems.warn(this.#missing(url, path, what, at))
    for (const file of missing ? [] : found) this.#note(file)
    return `butler://${path.slice(FOLDER.length)}`
  }

  /** A file's text and the name that errors give it. */
  template(url: string, at: Place): { text: string; file: string } {
    const path = this.#path(url, at)
    const text = this.#snapshot.text(path)
    if (text === undefined) throw this.#missing(url, path, 'file', at)
    this.#read(path)
    return { text, file: this.#snapshot.shown(path) }
  }

  #note(path: string): void {
    const ref = this.#snapshot.ref(path)
    if (ref === undefined) throw new Error(`The snapshot lists '${path}' and has no digest for it.`)
    this.#read(path)
    this.refs.set(`butler://${path.slice(FOLDER.length)}`, ref)
  }

  #path(url: string, at: Place): string {
    const steps = url
      .replace(/^\w+:\/\//u, '')
      .replace(/\?.*$/u, '')
      .split('/')
      .filter((step) => step !== '' && step !== '.')
    if (!steps.includes('..')) return FOLDER + steps.join('/')
    throw new UserError('bad-source', `The source '${url}' must not hold '..'.`, { at })
  }

  #below(path: string): readonly string[] {
    const folder = `${path.replace(/\/$/u, '')}/`
    return this.#snapshot.paths.filter((known) => known.startsWith(folder))
  }

  #missing(url: string, path: string, what: 'file' | 'tree', at: Place): UserError {
    const other = what === 'file' ? this.#below(path).length > 0 : this.#snapshot.ref(path) !== undefined
    if (other) {
      const message = what === 'file' ? `'${url}' is a folder, not a file.` : `'${url}' is a file, not a folder.`
      return new UserError('bad-source', message, {
        hint: what === 'file' ? 'file.recurse copies folders.' : 'file.managed copies files.',
        at,
      })
    }
    const files = this.#snapshot.paths
      .filter((known) => known.startsWith(FOLDER))
      .map((known) => known.slice(FOLDER.length))
    const known = what === 'file' ? files : [...new Set(files.flatMap(foldersOf))]
    const near = suggest(path.slice(FOLDER.length), known) ?? sameName(path, known)
    return new UserError('missing-source', `There is no ${what === 'file' ? 'file' : 'folder'} '${url}' (${path}).`, {
      hint: near?.replaceAll(/'([^']+)'/gu, "'butler://$1'"),
      at,
    })
  }
}

export function isButlerUrl(value: Data | undefined): value is string {
  return typeof value === 'string' && /^(?:butler|salt):\/\//u.test(value)
}

function foldersOf(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .map((_, index, steps) => steps.slice(0, index + 1).join('/'))
}

/** A file of the same name somewhere else is the likeliest mistake that spelling doesn't show. */
function sameName(path: string, known: readonly string[]): string | undefined {
  const name = path.split('/').at(-1)
  const found = known.find((one) => one.split('/').at(-1) === name)
  return found === undefined ? undefined : `Did you mean '${found}'?`
}

const TEMPLATE_WORDS = ['template', 'context', 'defaults'] as const

/**
 * Works off `template`: the source is rendered here, with `defaults` and `context` as more names, and becomes
 * `contents`. Without a template the arguments stay as they are.
 */
export function renderSource(
  args: ReadonlyMap<string, Argument>,
  argument: string,
  around: { files: SourceFiles; context: Context },
): ReadonlyMap<string, Argument> {
  const template = args.get('template')
  if (template === undefined) return args
  const kind = dataOf(template.value)
  if (kind === null || kind === false) return without(args, TEMPLATE_WORDS)
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
  const { text, file } = around.files.template(url, source.value.at)
  const more = mergeData(namesIn(args.get('defaults')), namesIn(args.get('context')))
  const rendered = renderTemplate(text, file, { ...around.context, more })
  const contents = {
    name: 'contents',
    at: source.at,
    value: { kind: 'scalar' as const, value: rendered, at: source.value.at },
  }
  return new Map([...without(args, [...TEMPLATE_WORDS, argument]), ['contents', contents]])
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
