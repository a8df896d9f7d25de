import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { apply, folder, holds } from '../applied.ts'

t.test('JSON with two spaces, YAML in blocks; keys in order', async (t) => {
  const root = folder(t)
  await holds(
    t,
    root,
    `
${root}/a.json:
  file.serialize:
    - serializer: json
    - dataset: { b: [1, { d: null, c: "two" }], a: true }
${root}/a.yaml:
  file.serialize:
    - formatter: yaml
    - dataset: { b: [1, "no"], a: "a long text that is not folded ${'x'.repeat(90)}" }
`,
  )
  const json = '{\n  "a": true,\n  "b": [\n    1,\n    {\n      "c": "two",\n      "d": null\n    }\n  ]\n}\n'
  t.equal(readFileSync(join(root, 'a.json'), 'utf8'), json)
  t.equal(
    readFileSync(join(root, 'a.yaml'), 'utf8'),
    `a: a long text that is not folded ${'x'.repeat(90)}\nb:\n  - 1\n  - "no"\n`,
  )
})

t.test('what is merged keeps the rest, and stays as it was written when nothing is new', async (t) => {
  const root = folder(t)
  const file = join(root, 'daemon.json')
  const written = '{"log": {"level": "debug", "lines": [1, 2]}, "kept": 1}'
  writeFileSync(file, written)
  const state = (dataset: string): string =>
    `${file}:\n  file.serialize:\n    - serializer: json\n    - merge_if_exists: true\n    - dataset: ${dataset}\n`
  t.match(await apply(state('{ log: { level: debug } }')), [{ result: true, changes: {} }])
  t.equal(readFileSync(file, 'utf8'), written)
  await holds(t, root, state('{ log: { level: info, lines: [3] } }'))
  t.strictSame(JSON.parse(readFileSync(file, 'utf8')), { kept: 1, log: { level: 'info', lines: [3] } })
  writeFileSync(file, '{"broken')
  t.match(await apply(state('{ a: 1 }')), [{ result: false, comment: /daemon\.json holds no JSON/u }])
  t.equal(readFileSync(file, 'utf8'), '{"broken')
})

t.test('data from the pillar; a secret in it is not shown', async (t) => {
  const root = folder(t)
  const file = join(root, 'a.yaml')
  const state = `${file}:\n  file.serialize:\n    - dataset_pillar: app:settings\n`
  t.match(await apply(state, { pillar: { app: { settings: { port: 80 } } } }), [{ result: true }])
  t.equal(readFileSync(file, 'utf8'), 'port: 80\n')
  t.match(await apply(state), [{ result: false, comment: /there is no 'app:settings' in the pillar/u }])
  t.match(await apply(`${file}:\n  file.serialize: []\n`), [{ result: false, comment: /Either .*dataset/u }])

  const [result] = await apply(`${file}:\n  file.serialize:\n    - dataset: { token: "{{secret 'a/token'}}" }\n`, {
    secrets: { 'a/token': 'hunter22' },
  })
  t.equal(readFileSync(file, 'utf8'), 'token: hunter22\n')
  t.notMatch(JSON.stringify(result), 'hunter22')
})
