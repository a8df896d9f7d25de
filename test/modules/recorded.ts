import type { DataMap } from '../../core/data.ts'
import type { Change } from '../../core/module/change.ts'
import type { AnyState } from '../../core/module/state.ts'
import type { Output, View } from '../../core/module/view.ts'

/** What programs of another machine said, by their command line. A command line that ends with `*` stands for all that begin so. */
export type Recorded = Readonly<Record<string, string | Partial<Output>>>

/** That machine, as a plan sees it. What was not recorded is a program that is not there. */
export function recordedView(
  recorded: Recorded,
  grains: DataMap = {},
  files: Readonly<Record<string, string>> = {},
): View {
  const answer = (line: string): Output => {
    const key = Object.keys(recorded).find((one) =>
      one.endsWith('*') ? line.startsWith(one.slice(0, -1)) : one === line,
    )
    const said = key === undefined ? { exitCode: 127 } : recorded[key]
    const output = typeof said === 'string' ? { stdout: said } : said
    return { exitCode: 0, stdout: '', stderr: '', ...output }
  }
  const content = (path: string): Uint8Array | undefined =>
    files[path] === undefined ? undefined : new TextEncoder().encode(files[path])
  const view: View = {
    grains,
    pillar: {},
    read: (path) => Promise.resolve(content(path)),
    stat: () => Promise.resolve(undefined),
    list: () => Promise.resolve([]),
    fetch: (source) => Promise.reject(new Error(`Nothing is recorded for ${source}.`)),
    tree: () => Promise.resolve([]),
    ca: () => Promise.reject(new Error('No CA is recorded.')),
    fact: (fact) => fact.read(view),
    query: (argv) => Promise.resolve(answer(argv.join(' '))),
    shell: (command) => Promise.resolve(answer(command)),
    missing: () => {},
  }
  return view
}

export interface Planned {
  changes: Change[]
  comment: string
}

/** All that a state would do on that machine, with its arguments checked as the compiler does. */
export async function plannedOn(view: View, state: AnyState, given: DataMap, watched = false): Promise<Planned> {
  const want = state.args.parse(given)
  const plan = watched ? state.watched?.(view, want) : state.plan(view, want)
  if (plan === undefined) throw new Error('This state has nothing to do when something that it watches changes.')
  const changes: Change[] = []
  for (let step = await plan.next(); ; step = await plan.next()) {
    if (step.done) return { changes, comment: step.value ?? '' }
    changes.push(step.value)
  }
}

/** What is shown of the changes, by key. */
export function shownOf({ changes }: Planned): Record<string, unknown> {
  return Object.fromEntries(changes.map(({ key, shows }) => [key, shows]))
}
