import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import type { Findings } from '../../../master/offline/check-folders.ts'

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

function check(...words: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('bin/butler-master.js'), 'check', ...words], {
    encoding: 'utf8',
  })
  return { code: status, stdout, stderr }
}

function folder(t: Test, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'butler-checked-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

const SITE = ['--pillar', '{"debian": {"mirror": "http://mirror.example/debian"}}']

t.test("this project's own states compile for every minion of the mapping, without a warning", async (t) => {
  const { code, stdout, stderr } = check('--file-root', '.', ...SITE)
  t.equal(code, 0, stderr)
  t.match(stdout, /^All is well: compiled for .*db-server.*worker-1/u)
  t.equal(stderr, '')
})

const WRONG = {
  'roles/mapping.yaml': "'web-*': [web]\ndb: [web, db]\n",
  'roles/web.yaml': 'states: [web]\n',
  'roles/db.yaml': 'states: [db]\n',
  'states/web.yaml': '/etc/x:\n  file.managed:\n    - contnets: x\n',
  'states/db.yaml': '/etc/y:\n  file.managed:\n    - contents: {{grains.rack}}\n',
  'states/nobody.yaml': '{{#if}\n',
  'orchestrations/deploy.yaml': "x:\n  fleet.apply: [{ target: '*' }]\n",
}

t.test('all that is wrong at once, each thing once, with whom it concerns and the line', async (t) => {
  const root = folder(t, WRONG)
  const { code, stderr, stdout } = check('--file-root', root)
  t.equal(code, 2)
  t.match(
    stderr,
    /no argument 'contnets'\. \[all minions\]\n {2}at .*states\/web\.yaml:3:7\n {2}3 \| {5}- contnets: x\n/u,
  )
  t.match(stderr, /'grains\.rack' is undefined.* \[db\]/u)
  t.match(stderr, /states\/nobody\.yaml/u)
  t.match(stderr, /orchestrations\/deploy\.yaml:2/u)
  t.match(stdout, /^4 errors, 0 warnings\.$/mu)
  const data = JSON.parse(check('--file-root', root, '--json').stdout) as Findings
  t.match(data, { ok: false, checked: ['web-1', 'db'] })
  t.match(
    data.errors.find(({ error }) => error.code === 'unknown-argument'),
    { minions: ['web-1', 'db'], error: { at: { line: 3 } } },
  )
})

t.test('minions, grains and a later folder that wins', async (t) => {
  const root = folder(t, { ...WRONG, 'states/nobody.yaml': '', 'orchestrations/deploy.yaml': '{}\n' })
  const over = folder(t, { 'states/web.yaml': '{}\n' })
  t.equal(check('--file-root', root, '--file-root', over, '--grains', '{"rack": 7}').code, 0)
  const minions = join(root, 'minions.yaml')
  writeFileSync(minions, 'web-7: {}\n')
  t.match(check('--file-root', root, '--file-root', over, '--minions', minions).stdout, /compiled for web-7\./u)
})

t.test('what can not be checked', async (t) => {
  t.match(check('--file-root', '/nowhere/at/all').stderr, /there is no folder \/nowhere\/at\/all/u)
  t.match(check('--grains', '{}').stderr, /--grains is for checking folders\.\n {2}Add --file-root/u)
  t.match(check('--file-root', '.', '--grains', '[]').stderr, /The grains must be a map/u)
})

function withDefaults(use: string): Record<string, string> {
  return {
    'roles/mapping.yaml': "'*': [web]\n",
    'roles/web.yaml': 'states: [web]\n',
    'states/web/init.yaml': `/etc/x:\n  file.managed:\n    - contents: '{{pillar.web.port}} ${use}'\n`,
    'states/web/defaults.yaml': 'web:\n  port: 80\n  hosts: [a]\n  lookup: { user: web }\n',
    'states/postgres/defaults.yaml': 'postgres:\n  host: db\n',
  }
}

t.test('a default that no template names is told, with the one that is meant', async (t) => {
  const { code, stderr } = check('--file-root', folder(t, withDefaults("{{default pillar.web.host 'none'}}")))
  t.equal(code, 0, 'a warning')
  t.match(
    stderr,
    /warning: No template names the default 'hosts' of 'web'\.\n {2}at .*states\/web\/defaults\.yaml:3:3\n.*\n.*\n {2}Did you mean 'host'\?/u,
  )
  t.notMatch(stderr, /'port'|'lookup'|'postgres'/u, 'an execution function takes its arguments from pillar too')
  for (const use of ['{{join pillar.web.hosts}}', "{{join (lookup pillar.web 'hosts')}}", '{{json pillar.web}}']) {
    t.equal(check('--file-root', folder(t, withDefaults(use))).stderr, '', use)
  }
})
