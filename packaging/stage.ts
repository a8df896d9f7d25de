import { access, chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Archive } from './archive.ts'
import { AGENT_PROGRAMS, bundle, MASTER_PROGRAMS, PROJECT, type Architecture, type Entries } from './bundle.ts'

/** What of the project goes along as it is. */
const SHIPPED = ['examples', 'LICENSE', 'CHANGELOG.md']

/** The master's also, to read and to copy into sources of one's own. */
const SHIPPED_WITH_MASTER = ['states', 'roles', 'orchestrations', 'README.md']

export interface Parts {
  version: string
  architecture: Architecture
  /** The Node program for that architecture. */
  node: string
}

/** Lays out what a minion's machine gets: runtime, agent, tracker, unit. */
export async function stageAgent(folder: string, parts: Parts): Promise<void> {
  await stagePrograms(folder, AGENT_PROGRAMS, parts)
  await stageUnits(folder, ['butler-minion.service'])
  await ship(folder, SHIPPED)
}

/** An agent package and the name under which the master serves it. */
export interface Served {
  archive: Archive
  name: string
}

/** Lays out what the master's machine gets: all programs, the states, and the agent packages that it serves. */
export async function stageRelease(folder: string, parts: Parts, agents: readonly Served[]): Promise<void> {
  await stagePrograms(folder, MASTER_PROGRAMS, parts)
  await stageUnits(folder, ['butler-master.service', 'butler-minion.service'])
  await mkdir(join(folder, 'install'))
  await copyFile(join(PROJECT, 'packaging/install/agent.sh'), join(folder, 'install/agent.sh'))
  for (const { archive, name } of agents) await copyFile(archive.file, join(folder, 'install', name))
  const sums = agents.map(({ archive, name }) => `${archive.sha256}  ${name}\n`)
  await writeFile(join(folder, 'install/SHA256SUMS'), sums.join(''))
  await ship(folder, [...SHIPPED, ...SHIPPED_WITH_MASTER])
}

async function ship(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (await exists(join(PROJECT, name))) await cp(join(PROJECT, name), join(folder, name), { recursive: true })
  }
}

async function stagePrograms(folder: string, programs: Entries, parts: Parts): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true })
  await mkdir(join(folder, 'node/bin'), { recursive: true })
  await copyFile(parts.node, join(folder, 'node/bin/node'))
  await chmod(join(folder, 'node/bin/node'), 0o755)
  await bundle(programs, join(folder, 'lib'), parts.architecture)
  await writeFile(join(folder, 'lib/package.json'), '{ "type": "module" }\n')
  for (const name of Object.keys(programs)) {
    await writeFile(join(folder, 'bin', name), launcher(name, name === 'butler-call' ? SHORT_LIVED : ''), {
      mode: 0o755,
    })
  }
  await writeFile(join(folder, 'version'), `${parts.version}\n`)
}

/** A program that soon ends need not tidy up: with more room for what is new, a run without changes takes a tenth less. */
const SHORT_LIVED = ' --min-semi-space-size=64 --max-semi-space-size=64'

/** Starts the bundled program with the runtime beside it, also through a link such as /usr/bin/butler-call. */
function launcher(name: string, flags: string): string {
  return `#!/bin/sh
self=$(readlink -f "$0")
home=\${self%/bin/*}
exec "$home/node/bin/node"${flags} "$home/lib/${name}.js" "$@"
`
}

async function stageUnits(folder: string, units: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'units'))
  for (const unit of units) await copyFile(join(PROJECT, 'packaging/units', unit), join(folder, 'units', unit))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
