import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '../packaging/command.ts'
import type { Peers } from './main.ts'
import type { Measured } from './ruler.ts'

const COUNT = 300

/** The workload packages-300-noop: as many packages that are installed on this machine, a state each. Nothing may change. */
export async function packages({ ruler, call, salt, pyinfra }: Peers): Promise<Measured[]> {
  const listed = await must(['dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${binary:Package}\n'])
  const installed = listed.split('\n').flatMap((line) => (line.startsWith('ii ') ? [line.slice(3).trim()] : []))
  const names = installed.map((name) => name.replace(/:.*$/u, '')).slice(0, COUNT)
  if (names.length < COUNT)
    throw new Error(`This machine has ${names.length} packages, and the workload needs ${COUNT}.`)
  const states = names.map((name) => `${name}:\n  pkg.installed: []\n`).join('')
  const workload = `packages-${COUNT}-noop`
  const source = join(ruler.work, 'packages')
  await mkdir(join(source, 'states'), { recursive: true })
  await writeFile(join(source, 'states/packages.yaml'), states)
  const ours = [call, '--root', join(ruler.work, 'root'), '--local', '--file-root', source, 'apply', 'packages']
  const lines = [
    await ruler.time({ peer: 'butler', workload, words: ours, check: `! grep -q 'changed=' '${ruler.output}'` }),
    await saltLine({ ruler, call, salt, pyinfra }, workload, states),
  ]
  if (pyinfra === undefined) return lines
  const deploy = join(ruler.work, 'packages.py')
  await writeFile(
    deploy,
    `from pyinfra.operations import apt\nfor name in ${JSON.stringify(names)}:\n    apt.packages(name=name, packages=[name])\n`,
  )
  const words = [join(pyinfra, 'bin/pyinfra'), '-y', '@local', deploy]
  return [...lines, await ruler.time({ peer: 'pyinfra', workload, words })]
}

async function saltLine({ ruler, salt }: Peers, workload: string, states: string): Promise<Measured> {
  const folder = join(ruler.work, 'salt')
  await mkdir(join(folder, 'etc'), { recursive: true })
  await mkdir(join(folder, 'srv'))
  await writeFile(join(folder, 'srv/packages.sls'), states)
  await writeFile(
    join(folder, 'etc/minion'),
    `id: bench\nfile_client: local\nroot_dir: ${folder}/root\npki_dir: ${folder}/root/pki\nfile_roots: {base: [${folder}/srv]}\nlog_level: error\nlog_level_logfile: quiet\n`,
  )
  const words = [join(salt, 'bin/salt-call'), '--local', '-c', join(folder, 'etc'), 'state.apply', 'packages']
  return ruler.time({ peer: 'salt', workload, words, check: `! grep -q 'changed=' '${ruler.output}'` })
}
