import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Peers } from './main.ts'
import type { Measured } from './ruler.ts'

/** The workloads files-N-first and files-N-noop, and the start of the command lines. */
export async function files({ ruler, call, salt, pyinfra }: Peers): Promise<Measured[]> {
  const counts = ['100', '1000']
  const lines = [
    ...(await ruler.script('salt_files.sh', [salt, ...counts])),
    ...(pyinfra === undefined ? [] : await ruler.script('pyinfra_files.sh', [pyinfra, ...counts])),
    await ruler.time({ peer: 'butler', workload: 'cli-version-call', words: [call, '--version'] }),
    await ruler.time({ peer: 'butler', workload: 'call-local-ping', words: [call, '--local', 'test.ping'] }),
  ]
  const source = join(ruler.work, 'source')
  await mkdir(join(source, 'states'), { recursive: true })
  for (const count of counts) {
    const target = join(ruler.work, 'files')
    await writeFile(join(source, 'states/files.yaml'), statesOf(target, Number(count)))
    const words = [call, '--root', join(ruler.work, 'root'), '--local', '--file-root', source, 'apply', 'files']
    const before = `rm -rf '${target}' && mkdir '${target}'`
    const check = checkOf(target, count)
    lines.push(await ruler.time({ peer: 'butler', workload: `files-${count}-first`, words, before, check }))
    const nothing = `${check} && ! grep -q 'changed=' '${ruler.output}'`
    lines.push(await ruler.time({ peer: 'butler', workload: `files-${count}-noop`, words, check: nothing }))
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
