// `npm run package`: makes dist/butler-<version>-linux-x64.tar.gz and, with arm64's Node at hand, the same for arm64.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { command } from './command.ts'
import { pack, type Archive } from './archive.ts'
import { PROJECT, type Architecture } from './bundle.ts'
import { nodeRuntime } from './node-runtime.ts'
import { stageAgent, stageRelease, type Parts, type Served } from './stage.ts'

const ARCHITECTURES: readonly Architecture[] = ['x64', 'arm64']

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')))
const time = await commitTime()
const wanted = process.argv.slice(2)
const out = join(PROJECT, 'dist')
const work = await mkdtemp(join(tmpdir(), 'butler-package-'))
await mkdir(out, { recursive: true })
try {
  const all: Parts[] = []
  for (const architecture of ARCHITECTURES.filter((each) => wanted.length === 0 || wanted.includes(each))) {
    const node = await nodeRuntime(architecture)
    if (node === undefined)
      say(`not made for linux-${architecture}: its Node is not here and the npm registry can't be reached`)
    else all.push({ version, architecture, node })
  }
  const agents: Served[] = []
  for (const parts of all) {
    const name = `butler-agent-${version}-linux-${parts.architecture}`
    await stageAgent(join(work, name), parts)
    const archive = told(await pack(join(work, name), join(out, `${name}.tar.gz`), time))
    agents.push({ archive, name: `butler-agent-linux-${parts.architecture}.tar.gz` })
  }
  for (const parts of all) {
    const name = `butler-${version}-linux-${parts.architecture}`
    await stageRelease(join(work, name), parts, agents)
    told(await pack(join(work, name), join(out, `${name}.tar.gz`), time))
  }
} finally {
  await rm(work, { recursive: true, force: true })
}

/** When the packaged commit was made, so that packing it again gives the same bytes. */
async function commitTime(): Promise<number> {
  const { exitCode, stdout } = await command(['git', 'log', '-1', '--format=%ct'], { cwd: PROJECT })
  return exitCode === 0 ? Number(stdout.trim()) : 0
}

function told(archive: Archive): Archive {
  say(`${archive.file}  ${(archive.size / 1024 / 1024).toFixed(1)} MB  sha256 ${archive.sha256}`)
  return archive
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
