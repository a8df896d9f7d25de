// `npm run bench -- --peers DIR --salt VENV [N...]`: Salt and Butler on the workloads files-N-first and files-N-noop, in one
// run and by one ruler. See bench/README.md.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { formatTable } from '../core/cli/table.ts'
import { must } from '../packaging/command.ts'
import { nodeRuntime } from '../packaging/node-runtime.ts'
import { stageAgent } from '../packaging/stage.ts'

/** What the ruler prints for a workload; times in seconds. */
const measured = z.object({
  workload: z.string(),
  wall_s: z.number(),
  cpu_s: z.number(),
  rss_mb: z.number(),
  noisy: z.boolean(),
})

type Measured = z.infer<typeof measured>

const { values, positionals } = parseArgs({
  options: { peers: { type: 'string' }, salt: { type: 'string' } },
  allowPositionals: true,
})
if (values.peers === undefined || values.salt === undefined) {
  process.stderr.write(
    'usage: npm run bench -- --peers DIR --salt VENV [N...]   (bench/README.md says what they are)\n',
  )
  process.exit(2)
}
const counts = positionals.length === 0 ? ['100', '1000'] : positionals
const work = await mkdtemp(join(tmpdir(), 'butler-bench-'))
try {
  const salt = await saltLines(values.peers, values.salt, counts)
  const butler = await butlerLines(join(values.peers, 'measure.py'), work, counts)
  process.stdout.write(`${compare(salt, butler)}\n`)
} finally {
  await rm(work, { recursive: true, force: true })
}

async function saltLines(peers: string, venv: string, wanted: readonly string[]): Promise<Measured[]> {
  return parseLines(await must([join(peers, 'salt_files.sh'), venv, ...wanted]))
}

/** The same workloads through the bundled `butler-call --local`, as it is on a minion. */
async function butlerLines(ruler: string, folder: string, wanted: readonly string[]): Promise<Measured[]> {
  const node = await nodeRuntime('x64')
  if (node === undefined) throw new Error('There is no Node for linux-x64.')
  await stageAgent(join(folder, 'agent'), { version: 'bench', architecture: 'x64', node })
  const call = join(folder, 'agent/bin/butler-call')
  const states = join(folder, 'source/states')
  await mkdir(states, { recursive: true })
  const named = ['--peer', 'butler', '--version', 'bench', '--output', join(folder, 'output')]
  const measure = async (workload: string, options: readonly string[], words: readonly string[]): Promise<Measured[]> =>
    parseLines(await must(['python3', ruler, ...named, '--workload', workload, ...options, '--', call, ...words]))
  const lines = await measure('cli-version-call', [], ['--version'])
  for (const count of wanted) {
    const target = join(folder, 'files')
    await writeFile(join(states, 'files.yaml'), statesOf(target, Number(count)))
    const check = checkOf(target, count)
    const apply = ['--root', join(folder, 'root'), '--local', '--file-root', join(folder, 'source'), 'apply', 'files']
    const fresh = `rm -rf '${target}' && mkdir '${target}'`
    lines.push(...(await measure(`files-${count}-first`, ['--before', fresh, '--check', check], apply)))
    const nothing = `${check} && ! grep -q 'changed=' '${join(folder, 'output')}'`
    lines.push(...(await measure(`files-${count}-noop`, ['--check', nothing], apply)))
  }
  return lines
}

function statesOf(target: string, count: number): string {
  return Array.from({ length: count }, (_, index) => index + 1)
    .map(
      (i) =>
        `${target}/f${i}:\n  file.managed:\n    - contents: "file ${i}"\n    - mode: "0644"\n    - makedirs: true\n`,
    )
    .join('')
}

/** The state that every workload must end in: N files, `file <i>` and a newline, 0644. */
function checkOf(target: string, count: string): string {
  const last = `[ "$(cat '${target}/f${count}')" = 'file ${count}' ]`
  return `[ "$(ls '${target}' | wc -l)" = ${count} ] && ${last} && [ "$(stat -c %a:%s '${target}/f1')" = 644:7 ]`
}

function parseLines(text: string): Measured[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  return lines.map((line) => measured.parse(JSON.parse(line)))
}

function compare(salt: readonly Measured[], butler: readonly Measured[]): string {
  const rows = butler.flatMap((ours) => {
    const theirs = salt.find(({ workload }) => workload === ours.workload)
    if (theirs === undefined) return []
    const cells = [
      theirs.wall_s,
      ours.wall_s,
      theirs.wall_s / ours.wall_s,
      theirs.cpu_s,
      ours.cpu_s,
      theirs.cpu_s / ours.cpu_s,
    ]
    const noisy = theirs.noisy || ours.noisy ? 'noisy' : ''
    return [
      [ours.workload, ...cells.map((cell) => cell.toFixed(2)), theirs.rss_mb.toFixed(0), ours.rss_mb.toFixed(0), noisy],
    ]
  })
  const header = [
    'workload',
    'Salt s',
    'Butler s',
    'ratio',
    'Salt cpu',
    'Butler cpu',
    'ratio',
    'Salt MB',
    'Butler MB',
    '',
  ]
  return formatTable(header, rows)
}
