import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RunReport, TargetResult } from '../../core/run/result.ts'
import { must } from '../../packaging/command.ts'
import { nodeRuntime } from '../../packaging/node-runtime.ts'
import { stageAgent } from '../../packaging/stage.ts'
import type { DebianHost } from './host.ts'

const SOURCE = '/root/states-under-test'

/** Puts the bundled agent into hosts, as its package would, without a master. */
export async function installAgent(hosts: readonly DebianHost[]): Promise<void> {
  const node = await nodeRuntime('x64')
  if (node === undefined) throw new Error('There is no Node for linux-x64.')
  const work = await mkdtemp(join(tmpdir(), 'butler-agent-'))
  try {
    await stageAgent(join(work, 'butler'), { version: '0.0.0', architecture: 'x64', node })
    for (const host of hosts) await must(['cp', '-r', join(work, 'butler'), join(host.root, 'opt')])
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Puts files beside the state file, for `butler://`: text by path. */
export async function putSources(host: DebianHost, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(SOURCE, 'states', path)
    await host.must(['mkdir', '-p', dirname(file)])
    await host.put(file, text)
  }
}

/** Applies one state file, masterless, with the bundled program; in a plan nothing is touched. */
export async function applyLocally(
  host: DebianHost,
  states: string,
  options: { test: boolean; grains?: Readonly<Record<string, string>> | undefined },
): Promise<TargetResult> {
  await host.put(join(SOURCE, 'states/case.yaml'), states)
  const test = options.test ? ['--test'] : []
  const grains = options.grains === undefined ? [] : ['--grains', JSON.stringify(options.grains)]
  const words = ['--local', '--file-root', SOURCE, ...grains, ...test, '--out', 'json', 'apply', 'case']
  const { stdout, stderr } = await host.run(['/opt/butler/bin/butler-call', ...words])
  if (stdout.trim() === '') throw new Error(`butler-call printed no report:\n${stderr}`)
  // The program's own contract, checked by its own tests.
  const report = JSON.parse(stdout) as RunReport
  const local = report.targets['local']
  if (local === undefined) throw new Error(`butler-call could not begin:\n${JSON.stringify(report.errors, null, 2)}`)
  return local
}

/** The states that changed something, or would in a plan: `id function`. */
export function changedBy({ results }: TargetResult): string[] {
  const changed = results.filter(({ result, changes }) => result === null || Object.keys(changes).length > 0)
  return changed.map(({ id, function: name }) => `${id} ${name}`)
}

/** Those of a plan that can't be known, since something else would change before: any may change, none must. */
export function waitingIn({ results }: TargetResult): string[] {
  return results.filter(({ after = [] }) => after.length > 0).map(({ id, function: name }) => `${id} ${name}`)
}

export function failedIn({ results }: TargetResult): string[] {
  return results.filter(({ result }) => result === false).map(({ id, comment }) => `${id}: ${comment}`)
}
