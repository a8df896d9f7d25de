import type { LowChunk, LowState, Requisite } from '../../../core/compile/low.ts'
import type { DataMap } from '../../../core/data.ts'
import { UserError } from '../../../core/errors.ts'
import { args, text, texts } from '../../../core/module/args.ts'
import { type Change, change, ChangeFailed } from '../../../core/module/change.ts'
import { fact } from '../../../core/module/fact.ts'
import { fn } from '../../../core/module/fn.ts'
import type { Host } from '../../../core/module/host.ts'
import { type Catalog, catalogOf } from '../../../core/module/module.ts'
import { type Plan, planOf, state } from '../../../core/module/state.ts'
import type { RunEvent } from '../../../core/run/event.ts'
import type { ChunkResult } from '../../../core/run/result.ts'
import { run } from '../../../core/run/run.ts'
import { Secret } from '../../../core/secret.ts'
import { createMachine } from '../../../minion/host/machine.ts'

// A tiny subject whose states do what their names say, on the real machine of the tests.

const named = () => args({ name: text('A name.') })

const unitCount = fact({
  name: 'how often asked',
  stale: ['unit'],
  read: async (view) => (await view.shell('echo asked >> "$COUNT"; wc -l < "$COUNT"')).stdout.trim(),
})

export const catalog: Catalog = catalogOf([
  {
    summary: 'For tests.',
    states: {
      't.same': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        plan: () => planOf([], ''),
        watched: fired,
      }),
      't.changed': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan() {
          yield change('it', { old: 1, new: 2 }, [], async () => {})
        },
        watched: fired,
      }),
      't.failed': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        plan: () => failing(new UserError('no', 'it can not be')),
        watched: fired,
      }),
      't.half': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan() {
          yield change('first', 'done', [], async () => ({ comment: 'the first went well' }))
          yield change('second', 'not done', [], () =>
            Promise.reject(new ChangeFailed('the second did not', { changes: { part: true } })),
          )
          yield change('third', 'never', [], async () => {})
        },
      }),
      't.bug': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        plan: () => failing(new TypeError('undefined is not what it was')),
      }),
      't.mute': state({ summary: '', reports: {}, example: '', args: named, plan: () => planOf([], '') }),
      't.touch': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        makes: ({ name }) => [{ kind: 'path', name }],
        async *plan(view, want) {
          if ((await view.stat(want.name)) !== undefined) return yield* planOf([], 'it is there')
          const parent = want.name.replace(/\/[^/]*$/u, '')
          if ((await view.stat(parent)) === undefined) {
            view.missing({ kind: 'path', name: parent })
            throw new UserError('no-parent', `${parent} is not there`)
          }
          return yield* planOf([made(want.name, (host) => host.write(want.name, ''))], '')
        },
      }),
      't.folder': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan(view, want) {
          if ((await view.stat(want.name)) !== undefined) return
          yield made(want.name, (host) => host.mkdir(want.name))
        },
      }),
      't.package': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan() {
          yield change('package', 'installed', ['anything'], async () => {})
        },
      }),
      't.uses': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan(view, want) {
          const { exitCode } = await view.query([want.name])
          if (exitCode !== 127) return yield* planOf([], '')
          view.missing({ kind: 'command', name: want.name })
          throw new UserError('no-command', `${want.name} is not there`)
        },
      }),
      't.files': state({
        summary: '',
        reports: {},
        example: '',
        args: () => args({ name: text('A path.'), more: texts('More paths.').optional() }),
        together: {
          key: () => 'all',
          join: ([first, ...others]) => ({ name: first?.name ?? '', more: others.map(({ name }) => name) }),
          owns: (want, changed) => want.name === changed,
        },
        // As a package manager does it: all of them or none, and one line in a log for each of its runs.
        async *plan(view, want) {
          const missing: string[] = []
          for (const path of [want.name, ...(want.more ?? [])])
            if ((await view.stat(path)) === undefined) missing.push(path)
          const make = change('files', missing, [], async (host) => {
            const folder = want.name.replace(/\/[^/]*$/u, '')
            await host.shell(`echo run >> ${folder}/log`)
            if (missing.some((path) => path.endsWith('/bad'))) throw new ChangeFailed('one of them can not be made')
            for (const path of [...missing, `${folder}/along`]) await host.write(path, '')
            return { changes: Object.fromEntries([...missing, `${folder}/along`].map((path) => [path, 'made'])) }
          })
          return yield* planOf(missing.length === 0 ? [] : [make], 'they are there')
        },
        watched: fired,
      }),
      't.says': state({
        summary: '',
        reports: {},
        example: '',
        args: () => args({ name: text('A name.'), lines: texts('Lines.') }),
        async *plan(view, want) {
          const [first = ''] = want.lines
          yield change('diff', `+${first}`, [], async () => ({
            comment: `wrote ${first} on ${JSON.stringify(view.grains['os'])}`,
          }))
        },
      }),
      't.asks': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan(view) {
          return yield* planOf([], await view.fact(unitCount))
        },
      }),
      't.unit': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan() {
          yield change('unit', 'new', [{ kind: 'unit', name: 'x' }], async () => {})
        },
      }),
      't.command': state({
        summary: '',
        reports: {},
        example: '',
        args: named,
        async *plan(_view, want) {
          yield change('command', want.name, ['anything'], async (host) => {
            const { exitCode, stdout } = await host.shell(want.name)
            if (exitCode !== 0) throw new ChangeFailed(`ended with ${exitCode}`, { changes: { exitCode } })
            return { changes: { stdout } }
          })
        },
      }),
    },
    functions: {
      't.yes': fn({ summary: '', example: '', args: () => args({}), changes: false, run: async () => true }),
      't.map': fn({
        summary: '',
        example: '',
        args: () => args({}),
        changes: false,
        run: async () => ({ a: '', b: 'x' }),
      }),
      't.act': fn({ summary: '', example: '', args: () => args({}), changes: true, run: async () => true }),
    },
  },
])

async function* fired() {
  yield change('fired', 'yes', [], async () => ({ comment: 'it was told' }))
}

/** Fails at once, before there is a plan to step through. */
function failing(error: Error): Plan {
  throw error
}

function made(path: string, make: (host: Host) => Promise<void>): Change {
  return change(path, 'made', [{ kind: 'path', name: path }], make)
}

type Given = Partial<Omit<LowChunk, 'requisites' | 'function'>> & {
  /** By id, worked out to positions. */
  refs?: Partial<Record<Requisite['kind'], string[]>>
}

/** `{ db: ['t.same', { refs: { require: ['net'] } }] }`, in run order. */
export type Small = Record<string, [name: string, given?: Given]>

export function low(small: Small): LowState {
  const ids = Object.keys(small)
  const chunks = Object.entries(small).map(([id, [name, given = {}]], index): LowChunk => {
    const { refs = {}, ...rest } = given
    const requisites = Object.entries(refs).map(
      ([kind, targets]) => ({ kind, targets: targets.map((target) => ids.indexOf(target)) }) as Requisite,
    )
    const args: DataMap = { name: rest.name ?? id, ...rest.args }
    const at = { file: 'main.yaml', line: index + 1 }
    return { id, function: name, name: id, sls: 'main', guards: {}, options: {}, at, ...rest, args, requisites }
  })
  return { schema: 'butler.low/1', chunks, files: {}, secrets: [], warnings: [], sls: ['main'] }
}

export interface Went {
  results: ChunkResult[]
  events: RunEvent[]
  summary: Record<string, number>
  /** `id: result skipped`, for short expectations. */
  short: string[]
}

export async function go(
  small: Small,
  options: {
    test?: boolean
    secrets?: Record<string, string>
    signal?: AbortSignal
    onEvent?: (event: RunEvent) => void
  } = {},
): Promise<Went> {
  const events: RunEvent[] = []
  const secrets = new Map(Object.entries(options.secrets ?? {}).map(([name, value]) => [name, new Secret(value)]))
  const { results, summary } = await run({
    low: low(small),
    catalog,
    machine: createMachine({ grains: { id: 'here', os: 'Debian' }, pillar: {} }),
    secrets,
    test: options.test ?? false,
    emit: (event) => {
      events.push(event)
      options.onEvent?.(event)
    },
    signal: options.signal ?? new AbortController().signal,
  })
  return { results, events, summary: { ...summary }, short: results.map(inShort) }
}

function inShort({ id, result, skipped, mod_watch }: ChunkResult): string {
  const word = result === null ? 'would change' : String(result)
  return [`${id}:`, word, skipped ?? '', mod_watch ? 'mod_watch' : ''].filter((part) => part !== '').join(' ')
}
