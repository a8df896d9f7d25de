import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { parse } from 'yaml'

const PROGRAM = fileURLToPath(new URL('../../../bin/butler-call.js', import.meta.url))

interface Said {
  code: number | null
  stdout: string
  stderr: string
  json: () => Record<string, never>
}

/** Runs the real command; `meanwhile` is called with what it says on stderr. */
async function call(words: string[], meanwhile?: (stderr: string, pid: number) => void): Promise<Said> {
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    if (child.pid !== undefined) meanwhile?.(stderr, child.pid)
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr, json: () => JSON.parse(stdout) }
}

/** A folder with these files; `{ROOT}` in them is the folder. */
function folder(t: Test, files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'butler-call-')))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text.replaceAll('{ROOT}', root))
  }
  return root
}

t.test('version and help', async (t) => {
  t.match(await call(['--version']), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/u })
  const { stdout } = await call(['--help'])
  t.match(stdout, /highstate/u)
  t.match(stdout, /Anything else: butler-call <function> \[words\.\.\.\]/u)
  t.match(await call(['apply', '--help']), { code: 0, stdout: /--file-root <dir>/u })
})

t.test('options stand before or after the command, long or short', async (t) => {
  const root = folder(t, { 'states/quiet.yaml': 'quiet: test.nop\n' })
  const options = ['-l', 'debug', '--local', '--file-root', root]
  for (const words of [
    [...options, 'apply', 'quiet'],
    ['apply', 'quiet', ...options],
    ['-l', 'debug', 'apply', 'quiet', ...options.slice(2)],
  ]) {
    t.match(await call(words), { code: 0, stderr: /\[debug\] quiet: ran/u }, words.join(' '))
  }
})

t.test('functions', async (t) => {
  t.match(await call(['--local', 'test.ping']), { code: 0, stdout: 'local:\n    True\n' })
  t.match((await call(['--local', '--json', 'cmd.run', 'echo hi'])).json(), {
    schema: 'butler.run/1',
    ok: true,
    targets: { local: { outcome: 'succeeded', return: 'hi' } },
  })
  t.match((await call(['--local', '--grains', '{"rack": 4}', 'grains.get', 'rack', '--json'])).json(), {
    targets: { local: { return: 4 } },
  })
  t.match(await call(['--local', 'test.pnig']), { code: 2, stderr: /no function 'test\.pnig'.*\n.*'test\.ping'/u })
  t.match(await call(['--local', 'test.ping', 'too', 'many']), { code: 2 })
  t.match(await call(['--local', 'test.fail', 'because']), { code: 1, stderr: /because/u })
})

const TREE = {
  'tree/web.sls': `conf:
  file.managed:
    - name: '{ROOT}/out/conf'
    - source: salt://web/c
    - makedirs: true
reload:
  cmd.run:
    - name: echo reloaded
    - onchanges: [{file: conf}]
there:
  cmd.run:
    - name: echo never
    - unless: test -d /
`,
  'tree/web/c': 'one\n',
  'over/web/c': 'two\n',
}

t.test('applies, and tells why at -l debug', async (t) => {
  const root = folder(t, TREE)
  const planned = await call(['--local', '--file-root', join(root, 'tree'), '--json', 'plan', 'web', '--exit-code'])
  t.match(planned.json(), { ok: true, test: true, targets: { local: { summary: { would_change: 2 } } } })
  t.equal(planned.code, 3)
  t.notOk(existsSync(join(root, 'out')))

  const done = await call(['--local', '--file-root', join(root, 'tree'), 'apply', 'web', '-l', 'debug'])
  t.equal(done.code, 0)
  t.match(done.stdout, /Succeeded: 3 \(changed=2\)/u)
  t.match(done.stdout, /ok 0, changed 2, would change 0, skipped 1, failed 0, not run 0/u)
  t.match(done.stderr, /reload: ran: onchanges web\.conf changed/u, 'the requisite that decided')
  t.match(done.stderr, /there: not run \(unless\): unless `test -d \/` ended with 0/u, 'the guard that decided')
  t.equal(readFileSync(join(root, 'out/conf'), 'utf8'), 'one\n')

  const roots = ['--file-root', join(root, 'tree'), '--file-root', join(root, 'over')]
  const over = await call(['--local', ...roots, '--json', 'state.apply', 'web'])
  t.match(over.json(), { targets: { local: { summary: { changed: 2 } } } })
  t.equal(readFileSync(join(root, 'out/conf'), 'utf8'), 'two\n', 'the later folder wins, file by file')
  const again = await call(['--local', ...roots, '--json', 'state.apply', 'web', 'test=True'])
  t.match(again.json(), { test: true, targets: { local: { summary: { changed: 0, would_change: 0 } } } })
})

t.test('a grain that decides is told', async (t) => {
  const root = folder(t, { 'main.sls': 'a-package:\n  pkg.installed:\n    - name: dpkg\n' })
  const { stderr } = await call(['--local', '--file-root', root, 'plan', 'main', '-l', 'debug'])
  t.match(stderr, /a-package: ran: .*grain os_family is /u)
})

t.test('a whole source, pillar from a file', async (t) => {
  const root = folder(t, {
    'source/states/site/init.yaml':
      "page:\n  file.managed:\n    - name: '{ROOT}/page'\n    - contents: '{{pillar.text}}'\n",
    'pillar.yaml': 'text: from the file\n',
  })
  const words = ['--local', '--file-root', join(root, 'source'), '--pillar', `@${join(root, 'pillar.yaml')}`]
  t.match(await call([...words, 'apply', 'site']), { code: 0 })
  t.equal(readFileSync(join(root, 'page'), 'utf8'), 'from the file\n')
  const { stdout } = await call([...words, '--json', 'show', 'lowstate', 'site'])
  t.match(JSON.parse(stdout), {
    schema: 'butler.low/1',
    chunks: [{ order: 0, id: 'page', function: 'file.managed', sls: 'site', args: { contents: 'from the file' } }],
  })
})

t.test('a machine is brought to its roles', async (t) => {
  const root = folder(t, {
    'roles/mapping.yaml': "'web-*': [web]\n",
    'roles/web.yaml': 'states: [site]\npillar: { site: { text: of the role } }\n',
    'states/site/init.yaml':
      "page:\n  file.managed:\n    - name: '{ROOT}/page'\n    - contents: '{{pillar.site.text}}{{pillar.site.mark}}'\n",
    'states/site/defaults.yaml': "site: { text: default, mark: '!' }\n",
  })
  const words = (id: string) => ['--local', '--file-root', root, '--grains', JSON.stringify({ id })]
  t.match(await call([...words('web-1'), 'highstate']), { code: 0 })
  t.equal(readFileSync(join(root, 'page'), 'utf8'), 'of the role!\n')
  t.match((await call([...words('web-1'), '--json', 'show', 'top'])).json(), { roles: ['web'], states: ['site'] })
  t.match(await call([...words('db-1'), 'highstate']), { code: 2, stderr: /'db-1', has no role/u })
})

t.test('errors touch nothing', async (t) => {
  const root = folder(t, {
    'main.sls':
      "first:\n  file.managed:\n    - name: '{ROOT}/f'\n    - contnets: x\nb:\n  test.nop:\n    - require: [{test: ghost}]\n",
  })
  const said = await call(['--local', '--file-root', root, '--json', 'apply', 'main'])
  t.equal(said.code, 2)
  t.match(said.json(), { ok: false, targets: {}, errors: [{ code: 'unknown-argument', at: { line: 4 } }] })
  t.match(said.stderr, /Did you mean 'contents'\?/u)
  t.notOk(existsSync(join(root, 'f')))
  t.match(await call(['--local', '--file-root', root, 'apply', 'mian']), { code: 2, stderr: /Did you mean 'main'\?/u })
  t.match(await call(['--local', 'apply', 'main']), { code: 2, stderr: /--file-root/u })
  t.match(await call(['--local', '--file-root', join(root, 'no'), 'apply', 'main']), { code: 2 })
  t.match(await call(['--local', '--file-root', root, '--pillar', '[1]', 'apply', 'main']), {
    code: 2,
    stderr: /no map/u,
  })
})

t.test('a state that fails', async (t) => {
  const root = folder(t, { 'main.sls': 'a:\n  cmd.run:\n    - name: exit 3\n' })
  const said = await call(['--local', '--file-root', root, '--json', 'apply', 'main'])
  t.equal(said.code, 1)
  t.match(said.json(), {
    ok: false,
    errors: [],
    targets: { local: { outcome: 'failed', results: [{ result: false }] } },
  })
})

t.test('a confined minion is confined here too', async (t) => {
  const root = folder(t, {
    'etc/butler/minion.yaml': 'confine: {ROOT}/home\n',
    'home/here': '',
    'main.sls': "in:\n  file.touch:\n    - name: '{ROOT}/home/f'\nout:\n  file.touch:\n    - name: '{ROOT}/f'\n",
  })
  const said = await call(['--local', '--root', root, '--file-root', root, '--json', 'apply', 'main'])
  t.match(said.json(), {
    targets: { local: { results: [{ result: true }, { result: false, comment: /outside of .*home/u }] } },
  })
  t.notOk(existsSync(join(root, 'f')))
})

t.test('Ctrl-C begins nothing more', async (t) => {
  const root = folder(t, {
    'main.sls':
      "a:\n  cmd.run:\n    - name: test -e '{ROOT}/go' || sleep 1\nb:\n  file.touch:\n    - name: '{ROOT}/b'\n",
  })
  let sent = false
  const said = await call(['--local', '--file-root', root, '--json', 'apply', 'main', '-l', 'debug'], (stderr, pid) => {
    if (sent || !stderr.includes('a: begins')) return
    sent = true
    process.kill(pid, 'SIGINT')
    writeFileSync(join(root, 'go'), '')
  })
  t.equal(said.code, 1)
  t.match(said.json(), { ok: false, targets: { local: { outcome: 'cancelled', summary: { total: 1, not_run: 1 } } } })
  t.notOk(existsSync(join(root, 'b')))
})

t.test('YAML says the same as JSON, to a reader of either version of YAML', async (t) => {
  const root = folder(t, {
    'states/words.yaml': "'yes': { test.configurable_test_state: [{ comment: '0644' }, { changes: false }] }\n",
  })
  const words = ['--local', '--root', root, '--file-root', root, '--grains', '{"id": "on"}']
  const asked = {
    low: ['show', 'lowstate', 'words'],
    pillar: ['--pillar', '{"a": "1:30", "b": "~", "c": "a\\n  b\\n"}', 'show', 'pillar'],
  }
  for (const [what, more] of Object.entries(asked)) {
    const json = (await call([...words, ...more, '--out', 'json'])).json()
    const yaml = (await call([...words, ...more, '--out', 'yaml'])).stdout
    for (const version of ['1.1', '1.2'] as const) {
      t.strictSame(parse(yaml, { version }), json, `${what}, as YAML ${version}`)
    }
    t.notMatch(yaml, /[&*]a\d/u, 'without anchors')
  }
})

t.test('a file of the states as its templates make it', async (t) => {
  const root = folder(t, {
    'states/web/init.yaml': "'{{grains.id}}': { test.nop: [] }\n",
    'states/web/map.yaml': 'default: { user: www }\n',
    'states/web/defaults.yaml': 'web: { port: 80 }\n',
    'pillar/site.yaml': "target: '*'\npillar: { a: 1 }\n",
    'roles/web.yaml': 'states: [web]\n',
    'roles/mapping.yaml': "'*': [web]\n",
    'states/web/files/site.conf': "listen {{pillar.web.port}} as {{map.user}} with {{secret 'web/key'}}\n",
  })
  const words = ['--local', '--root', root, '--file-root', root, '--grains', '{"id": "w1"}', 'show', 'template']
  t.match(await call([...words, 'web']), { code: 0, stdout: "'w1': { test.nop: [] }\n" })
  for (const name of ['web/files/site.conf', 'states/web/files/site.conf', 'butler://web/files/site.conf']) {
    t.equal((await call([...words, name])).stdout, "listen 80 as www with {{secret 'web/key'}}\n", name)
  }
  t.match(await call([...words, 'web/files/sit.conf']), { code: 2, stderr: "Did you mean 'web/files/site.conf'?" })
  for (const name of ['../../etc/passwd', 'pillar/site.yaml', 'roles/web.yaml', 'roles/mapping.yaml']) {
    t.match(await call([...words, name]), { code: 2, stderr: 'There is no file' }, name)
  }
})

t.test('a reader that goes away is no fault', async (t) => {
  const root = folder(t, {})
  const line = `{ '${process.execPath}' '${PROGRAM}' "$@" 2> err; echo $? > code; } | head -n 1`
  for (const words of [['--help'], ['docs', 'file'], ['--local', 'grains.items']]) {
    const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
      const child = spawn('sh', ['-c', line, 'sh', ...words], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.once('close', () => resolve({ stdout }))
    })
    t.not(stdout, '', words.join(' '))
    t.equal(readFileSync(join(root, 'err'), 'utf8'), '')
    t.equal(readFileSync(join(root, 'code'), 'utf8'), '0\n')
  }
})
