import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { ChunkResult } from '../../../core/run/result.ts'
import { createMachine } from '../../../minion/host/machine.ts'
import { catalog } from '../../../modules/catalog.ts'
import { apply, folder, plan, textOf } from '../applied.ts'

t.test('cmd.run runs in its folder, with its environment, and says what came of it', async (t) => {
  const root = folder(t)
  const [done] = await apply(`
greet:
  cmd.run:
    - name: echo "$WORD in $(pwd)"; echo oh >&2; umask > mask
    - cwd: ${root}
    - env: [{ WORD: hello }]
    - umask: 077
`)
  t.match(done, {
    result: true,
    changes: { retcode: 0, stdout: `hello in ${root}`, stderr: 'oh' },
    comment: /^Command ".*" run$/s,
  })
  t.type(done?.changes['pid'], 'number')
  t.match(textOf(`${root}/mask`), /77$/m)
})

t.test('cmd.run: a secret comes by standard input, and nobody sees it', async (t) => {
  const states = `length:\n  cmd.run:\n    - name: wc -c\n    - stdin: {{secret 'a/token'}}\n`
  const [result] = await apply(states, { secrets: { 'a/token': 'hunter22' } })
  t.match(result, { result: true, changes: { stdout: '8' } })
  t.notMatch(JSON.stringify(result), 'hunter22')
})

t.test('cmd.run: what fails keeps its exit code and output', async (t) => {
  const [failed] = await apply('x:\n  cmd.run:\n    - name: echo why; exit 3\n')
  t.match(failed, { result: false, changes: { retcode: 3, stdout: 'why' }, comment: /exit code 3/ })
  const [fine] = await apply('x:\n  cmd.run:\n    - name: exit 3\n    - success_retcodes: 3\n')
  t.match(fine, { result: true, changes: { retcode: 3 } })
})

t.test('cmd.run: too slow', async (t) => {
  const [failed] = await apply('x:\n  cmd.run:\n    - name: sleep 60\n    - timeout: 0.2\n')
  t.match(failed, { result: false })
})

t.test('cmd.run in a plan is shown and not run', async (t) => {
  const root = folder(t)
  t.match(await plan(`touch ${root}/x:\n  cmd.run: []\n`), [{ result: null, changes: { cmd: `touch ${root}/x` } }])
  t.notOk(existsSync(`${root}/x`))
})

t.test('cmd.run: a stateful command says itself whether it changed something', async (t) => {
  t.match(await stateful(`"changed=yes comment='all done'"`), [
    { result: true, comment: 'all done', changes: { retcode: 0 } },
  ])
  t.match(await stateful('changed=no'), [{ result: true, changes: {} }])
  t.match(await stateful(`'{"changed": true, "comment": "as data"}'`), [{ result: true, comment: 'as data' }])
  t.match(await stateful('done'), [{ result: false, comment: /does not say/ }])
})

t.test('cmd.wait runs only when what it watches changed', async (t) => {
  const root = folder(t)
  const states = `
echo x >> ${root}/log:
  cmd.wait:
    - watch:
      - file: ${root}/f
${root}/f:
  file.managed:
    - contents: one
`
  await apply(states)
  t.equal(textOf(`${root}/log`), 'x\n')
  await apply(states)
  t.equal(textOf(`${root}/log`), 'x\n')
  await apply(states.replace('one', 'two'))
  t.equal(textOf(`${root}/log`), 'x\nx\n')
})

t.test('cmd.script runs a script of the sources with its arguments and leaves nothing behind', async (t) => {
  const root = folder(t)
  const files = { 'states/files/make.sh': '#!/bin/bash\necho "$0 $1 $2" > "$3"\n' }
  const [done] = await apply(
    `
make:
  cmd.script:
    - source: butler://files/make.sh
    - args: one 'two three' ${root}/out
`,
    { files },
  )
  t.match(done, { result: true })
  const [script = '', ...words] = readFileSync(`${root}/out`, 'utf8').trim().split(' ')
  t.strictSame(words, ['one', 'two', 'three'])
  t.notOk(existsSync(script))
})

t.test('cmd.script renders a template, and takes its source from its name', async (t) => {
  const root = folder(t)
  const files = {
    'states/files/make.sh': 'echo {{pillar.word}} > "$1"\n',
    'states/files/plain.sh': 'echo plain > "$1"\n',
  }
  const results = await apply(
    `
make:
  cmd.script:
    - source: butler://files/make.sh
    - template: handlebars
    - args: ${root}/made
butler://files/plain.sh:
  cmd.script:
    - args: ${root}/plain
`,
    { files, pillar: { word: 'hello' } },
  )
  t.match(results, [{ result: true }, { result: true }])
  t.equal(textOf(`${root}/made`), 'hello\n')
  t.equal(textOf(`${root}/plain`), 'plain\n')
})

t.test('the functions', async (t) => {
  const host = createMachine({ grains: {}, pillar: {} }).host({})
  const call = async (name: string, cmd: string, more = {}): Promise<unknown> => {
    const found = catalog.functions.get(name)
    if (found?.changes !== true) throw new Error(`${name} should be a function that changes things.`)
    return found.run(host, { cmd, ignore_retcode: false, ...more })
  }
  t.equal(await call('cmd.run', 'echo a; echo b >&2'), 'a\nb')
  t.equal(await call('cmd.run', 'exit 3', { ignore_retcode: true }), '')
  await t.rejects(call('cmd.run', 'echo why; exit 3'), { code: 'command-failed', message: /exit code 3.*\nwhy/ })
  t.match(await call('cmd.run_all', 'echo a; exit 3'), { retcode: 3, stdout: 'a', stderr: '' })
  t.equal(await call('cmd.retcode', 'exit 3'), 3)
  t.equal(await call('cmd.run_stdout', 'echo a; echo b >&2'), 'a')
  await t.rejects(call('cmd.run', 'sleep 60', { timeout: 0.2 }), { code: 'timed-out' })
})

function stateful(line: string): Promise<ChunkResult[]> {
  return apply(`x:\n  cmd.run:\n    - name: |\n        echo working; echo ${line}\n    - stateful: true\n`)
}
