import { join } from 'node:path'
import type { Snapshot } from '../../core/compile/snapshot.ts'
import { UserError, userErrorsOf, type ErrorData } from '../../core/errors.ts'
import { ContentStore } from './content.ts'
import { FolderSource } from './folder-source.ts'
import { GitSource } from './git-source.ts'
import { Overlay, snapshotId, type Layer } from './overlay.ts'
import { Remembered } from './remembered.ts'
import type { SourceSettings } from './settings.ts'
import type { Sources, SourceStatus } from './sources.ts'
import type { Source } from './tree.ts'

export interface SourcesOptions {
  sources: readonly SourceSettings[]
  /** Cache and data of the layout. */
  cache: string
  data: string
  /** In milliseconds: how often to look for new commits, and how long git may take for one thing. */
  pollMs: number
  gitTimeoutMs: number
  /** What is wrong with a new snapshot; empty when it may be used in place of `inUse`. */
  check: (snapshot: Snapshot, inUse: Snapshot | undefined) => Promise<readonly UserError[]>
  /** Told whenever another snapshot is in use, or a new one was refused. */
  note: (text: string) => void
}

export interface RunningSources extends Sources {
  /** Takes up the last good snapshot of before, or gets a first one, and begins to poll. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** How many good snapshots are kept, for jobs that were compiled from them and wait for their minions. */
const KEPT = 10

/** What was last seen of one source. */
interface Seen {
  commit: string | null
  checked: Date | null
  errors: ErrorData[]
}

export function createSources(options: SourcesOptions): RunningSources {
  return new PolledSources(options)
}

class PolledSources implements RunningSources {
  readonly #options: SourcesOptions
  readonly #content: ContentStore
  readonly #remembered: Remembered
  readonly #sources: readonly Source[]
  readonly #seen: ReadonlyMap<string, Seen>
  /** Good ones, the one in use first. */
  #kept: Overlay[] = []
  #errors: readonly UserError[] = []
  #running: Promise<void> | undefined
  #waiting: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: SourcesOptions) {
    this.#options = options
    const folder = join(options.cache, 'sources')
    this.#content = new ContentStore(join(folder, 'content'))
    this.#remembered = new Remembered({
      file: join(options.data, 'sources.json'),
      trees: join(folder, 'trees'),
      content: this.#content,
    })
    this.#sources = options.sources.map((settings) => sourceOf(settings, options, folder, this.#content))
    this.#seen = new Map(this.#sources.map(({ name }) => [name, { commit: null, checked: null, errors: [] }]))
  }

  async start(): Promise<void> {
    this.#kept = this.#remembered.load().slice(0, KEPT)
    const first = this.update()
    if (this.#kept.length === 0) await first
    this.#poll()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  current(): Snapshot {
    const [current] = this.#kept
    if (current !== undefined) return current
    const [first] = [...this.#seen.values()].flatMap(({ errors }) => errors)
    throw new UserError('no-snapshot', 'There is no snapshot of the sources that can be used.', {
      hint: first?.message ?? 'Name at least one under `sources` in master.yaml; `butler-master sources` shows them.',
      at: first?.at,
    })
  }

  byId(id: string): Snapshot | undefined {
    return this.#kept.find((snapshot) => snapshot.id === id)
  }

  async blob(digest: string): Promise<Uint8Array | undefined> {
    return this.#content.get(digest)
  }

  /** What is asked for while an update runs begins after it: that one may have missed what the asker means. */
  async update(): Promise<SourceStatus[]> {
    await (this.#running === undefined ? this.#begin() : (this.#waiting ??= this.#running.then(() => this.#begin())))
    return this.status()
  }

  status(): SourceStatus[] {
    return this.#sources.map((source) => {
      const seen = this.#seenOf(source)
      const layer = this.#kept[0]?.layers.find(({ name }) => name === source.name)
      return {
        name: source.name,
        from: source.from,
        branch: source.branch,
        commit: layer?.commit ?? null,
        seen: seen.commit,
        checked: seen.checked?.toISOString() ?? null,
        errors: [...seen.errors, ...this.#errorsOf(source).map((error) => error.toJSON())],
        warnings: [...(layer?.tree.warnings ?? [])],
      }
    })
  }

  async #begin(): Promise<void> {
    this.#waiting = undefined
    this.#running = this.#updateNow().finally(() => (this.#running = undefined))
    await this.#running
  }

  #poll(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      void this.update().then(() => this.#poll())
    }, this.#options.pollMs)
    this.#timer.unref()
  }

  async #updateNow(): Promise<void> {
    await Promise.all(this.#sources.map(async (source) => this.#fetch(source)))
    const commits = this.#sources.map((source) => ({ source, commit: this.#seenOf(source).commit }))
    if (commits.length === 0 || !commits.every(isSeen)) return
    const id = snapshotId(commits.map(({ source, commit }) => ({ name: source.name, commit })))
    if (this.#kept[0]?.id === id) this.#errors = []
    else await this.#take(commits)
  }

  /** A source that can't be reached stays at the commit that was last seen of it. */
  async #fetch(source: Source): Promise<void> {
    const seen = this.#seenOf(source)
    const inUse = this.#kept[0]?.layers.find(({ name }) => name === source.name)
    try {
      seen.commit = await source.fetch()
      seen.errors = []
    } catch (thrown) {
      seen.commit ??= inUse?.commit ?? null
      seen.errors = this.#asErrors(thrown)
    }
    seen.checked = new Date()
  }

  async #take(commits: readonly { source: Source; commit: string }[]): Promise<void> {
    try {
      const layers = await Promise.all(commits.map(async ({ source, commit }) => this.#layer(source, commit)))
      const snapshot = new Overlay(layers, this.#content)
      this.#refuse(await this.#options.check(snapshot, this.#kept[0]))
      if (this.#errors.length === 0) this.#use(snapshot)
    } catch (thrown) {
      this.#refuse(userErrorsOf(thrown) ?? [asUserError(thrown, this.#options.note)])
    }
  }

  async #layer(source: Source, commit: string): Promise<Layer> {
    const known = this.#kept.flatMap(({ layers }) => layers)
    const same = known.find((layer) => layer.name === source.name && layer.commit === commit)
    return same ?? { name: source.name, commit, tree: await source.read(commit) }
  }

  #use(snapshot: Overlay): void {
    this.#kept = [snapshot, ...this.#kept.filter(({ id }) => id !== snapshot.id)].slice(0, KEPT)
    this.#remembered.save(this.#kept)
    this.#options.note(`snapshot ${snapshot.id} is in use: ${commitsOf(snapshot)}`)
  }

  #refuse(errors: readonly UserError[]): void {
    const known = this.#errors.map((error) => error.message).join('\n')
    this.#errors = errors
    if (errors.length > 0 && errors.map((error) => error.message).join('\n') !== known) {
      this.#options.note(`a new snapshot is refused, the last good one stays in use: ${errors[0]?.message}`)
    }
  }

  #asErrors(thrown: unknown): ErrorData[] {
    return (userErrorsOf(thrown) ?? [asUserError(thrown, this.#options.note)]).map((error) => error.toJSON())
  }

  #seenOf(source: Source): Seen {
    const seen = this.#seen.get(source.name)
    if (seen === undefined) throw new Error(`'${source.name}' is none of the sources.`)
    return seen
  }

  /** An error belongs to the source that its file is from; one without a file to all that have something new. */
  #errorsOf(source: Source): readonly UserError[] {
    const inUse = this.#kept[0]?.layers.find(({ name }) => name === source.name)
    const isNew = this.#seenOf(source).commit !== inUse?.commit
    return this.#errors.filter((error) => {
      const owner = this.#sources.find(({ name }) => error.at?.file.startsWith(`${name}/`))
      return owner === undefined ? isNew : owner === source
    })
  }
}

function sourceOf(settings: SourceSettings, options: SourcesOptions, folder: string, content: ContentStore): Source {
  if ('folder' in settings) return new FolderSource(settings.name, settings.folder, content)
  const { name, git, branch } = settings
  return new GitSource({ name, address: git, branch, folder, content, timeoutMs: options.gitTimeoutMs })
}

function isSeen(one: { source: Source; commit: string | null }): one is { source: Source; commit: string } {
  return one.commit !== null
}

function commitsOf(snapshot: Overlay): string {
  return snapshot.layers.map(({ name, commit }) => `${name} ${commit.slice(0, 12)}`).join(', ')
}

/** A bug met while the sources were read must not end the master: the last good snapshot still works. */
function asUserError(thrown: unknown, note: (text: string) => void): UserError {
  note(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new UserError('source-not-read', `The sources can't be read: ${message}`, { cause: thrown })
}
