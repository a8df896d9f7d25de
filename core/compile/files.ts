import type { Data, DataMap } from '../data.ts'
import type { Place } from '../errors.ts'
import { UserError } from '../errors.ts'
import { suggest } from '../text/nearest.ts'
import type { FileRef } from './low.ts'
import { platformMap } from './platform-map.ts'
import type { Problems } from './problems.ts'
import type { Snapshot } from './snapshot.ts'
import type { Context } from './template.ts'

const FOLDER = 'states/'

/** A file that is rendered. */
export interface TemplateFile {
  text: string
  /** How errors name it. */
  file: string
}

/** The files of a snapshot that chunks name as `butler://path`, or `salt://path`. */
export class SourceFiles {
  readonly refs = new Map<string, FileRef>()
  readonly #snapshot: Snapshot
  readonly #problems: Problems

  constructor(snapshot: Snapshot, problems: Problems) {
    this.#snapshot = snapshot
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

  /** Whether it is a file of the sources, or an address that only the minion can look at. */
  mayBeThere(url: string, at: Place): boolean {
    return !isButlerUrl(url) || this.#snapshot.ref(this.#path(url, at)) !== undefined
  }

  /** A file's text and the name that errors give it. */
  template(url: string, at: Place): TemplateFile {
    const path = this.#path(url, at)
    const text = this.#snapshot.text(path)
    if (text === undefined) throw this.#missing(url, path, 'file', at)
    return { text, file: this.#snapshot.shown(path) }
  }

  /** The files of a folder that are text, by their paths in it. */
  templates(url: string, at: Place): ReadonlyMap<string, TemplateFile> {
    const path = this.#path(url, at)
    const files = this.#below(path)
    if (files.length === 0) throw this.#missing(url, path, 'tree', at)
    return new Map(
      files.flatMap((file): [string, TemplateFile][] => {
        const text = textIn(this.#snapshot, file)
        return text === undefined ? [] : [[file.slice(path.length + 1), { text, file: this.#snapshot.shown(file) }]]
      }),
    )
  }

  /** What differs between platforms, for templates of the folder of states that the source lies in. */
  platformMap(url: string, context: Context): DataMap {
    const [folder = ''] = url.replace(/^\w+:\/\//u, '').split('/')
    return platformMap(folder, { snapshot: this.#snapshot, context })
  }

  #note(path: string): void {
    const ref = this.#snapshot.ref(path)
    if (ref === undefined) throw new Error(`The snapshot lists '${path}' and has no digest for it.`)
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

/** `undefined` for what is no text: a picture is copied as it is, whatever its bytes look like. */
function textIn(snapshot: Snapshot, path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(snapshot.bytes(path))
  } catch {
    return undefined
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
