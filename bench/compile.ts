import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Peers } from './main.ts'
import type { Measured } from './ruler.ts'
import { lessStart } from './table.ts'

/**
 * The workload compile-N: N states in files of ten, from templates, each file after the one before. `cold` compiles all anew,
 * `again` is a call when nothing that was read has changed. Both less the start of the program.
 */
export async function compile({ ruler, call, salt }: Peers): Promise<Measured[]> {
  const lines = await ruler.script('salt_compile.sh', [salt])
  const butler = { peer: 'butler', words: [call, '--root', join(ruler.work, 'root'), '--local'] }
  lines.push(await ruler.time({ ...butler, workload: 'compile-startup', words: [...butler.words, 'test.ping'] }))
  const results: Measured[] = lessStart(lines, 'compile-startup', 'compile-500', 'compile-500 cold')
  for (const count of [500, 5000]) {
    const source = await writeTree(join(ruler.work, `compile-${count}`), count)
    const words = [...butler.words, '--file-root', source, '--out', 'json', 'show', 'lowstate', 'c']
    const check = `[ "$(grep -c '"order":' '${ruler.output}')" = ${count} ]`
    const cold = await ruler.time({ ...butler, workload: `${count}`, words: [...words, '--no-cache'], check })
    const again = await ruler.time({
      ...butler,
      workload: `${count}`,
      words,
      check,
      before: words.map((word) => `'${word}'`).join(' '),
    })
    results.push(
      ...lessStart([...lines, cold], 'compile-startup', `${count}`, `compile-${count} cold`),
      ...lessStart([...lines, again], 'compile-startup', `${count}`, `compile-${count} again`),
    )
  }
  // what is compiled again is measured against Salt's one way to do it
  const [theirs] = results.filter(({ peer }) => peer !== 'butler')
  return theirs === undefined ? results : [...results, { ...theirs, workload: 'compile-500 again' }]
}

/** The tree of the peers' `compile-500`, written as Butler's users would. */
async function writeTree(folder: string, states: number): Promise<string> {
  const files = Array.from({ length: states / 10 }, (_, file) => file)
  await mkdir(join(folder, 'states/c'), { recursive: true })
  await mkdir(join(folder, 'roles'))
  await writeFile(join(folder, 'roles/mapping.yaml'), "'*': [bench]\n")
  await writeFile(
    join(folder, 'roles/bench.yaml'),
    'states: [c]\npillar: { owner: bench, ports: { http: 80, https: 443 }, loop: [0, 1, 2, 3, 4, 5, 6, 7, 8], before: [none, 0, 1, 2, 3, 4, 5, 6, 7] }\n',
  )
  await writeFile(join(folder, 'states/c/init.yaml'), `include:\n${files.map((file) => `  - c.s${file}\n`).join('')}`)
  for (const file of files) await writeFile(join(folder, `states/c/s${file}.yaml`), stateFile(file))
  return folder
}

function stateFile(file: number): string {
  const base = `/srv/compile/s${file}`
  const [include, first] =
    file === 0 ? ['', ''] : [`include:\n  - c.s${file - 1}\n\n`, `    - require:\n      - sls: c.s${file - 1}\n`]
  return `${include}{{#each pillar.loop}}
${base}-{{this}}:
  file.managed:
    - mode: '0644'
    - contents: |
        {{@root.id}} {{pillar.owner}} {{pillar.ports.http}} {{this}}
{{#if @first}}
${first}{{else}}
    - require:
      - file: ${base}-{{lookup pillar.before @index}}
{{/if}}
{{/each}}
reload-${file}:
  cmd.run:
    - name: 'true'
    - onchanges:
      - file: ${base}-8
`
}
