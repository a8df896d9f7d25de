import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import t from 'tap'
import { stateFileSchema } from '../../../core/compile/editor-schema.ts'
import { parseYaml } from '../../../core/text/yaml.ts'
import { catalog } from '../../../modules/catalog.ts'

const FILE = 'docs/schema/states.json'
const schema = stateFileSchema(catalog)
const isValid = new Ajv({ allowUnionTypes: true, strict: false }).compile(schema)

function check(yaml: string): boolean {
  return isValid(parseYaml(yaml, 'test.yaml').value)
}

t.test('the file that the state files of this project name is what `butler-master schema` prints', async (t) => {
  const hint = `npx butler-master schema > ${FILE}`
  t.ok(readFileSync(FILE, 'utf8') === `${JSON.stringify(schema, null, 2)}\n`, hint)
  for (const file of globSync('{states,examples/deployments/*/states}/**/*.yaml')) {
    if (isData(file) || file.includes('/files/')) continue
    const [, named] = /^# yaml-language-server: \$schema=(\S+)\n/u.exec(readFileSync(file, 'utf8')) ?? []
    t.equal(named === undefined ? undefined : resolve(join(dirname(file), named)), resolve(FILE), file)
  }
})

/** Beside the state files of a folder: its pillar's defaults, and what differs between platforms. */
function isData(file: string): boolean {
  return file.endsWith('/defaults.yaml') || file.endsWith('/map.yaml')
}

t.test('state files that compile are valid', async (t) => {
  const cases = globSync('test/conformance/cases/*/*/expected.json').filter(
    (file) => !readFileSync(file, 'utf8').includes('"compile_error": true'),
  )
  const files = cases.flatMap((file) => globSync(join(dirname(file), 'states/**/*.{sls,yaml}')))
  const plain = [...files, ...globSync('states/*/*.yaml')].filter(
    (file) => !isData(file) && !readFileSync(file, 'utf8').includes('{{'),
  )
  t.ok(plain.length > 100)
  for (const file of plain)
    t.ok(
      check(readFileSync(file, 'utf8').replaceAll('{ROOT}', '/root')),
      `${file}: ${JSON.stringify(isValid.errors?.at(0))}`,
    )
  for (const [name, { example }] of catalog.states) {
    if (!example.includes('{{')) t.ok(check(example), `${name}: ${JSON.stringify(isValid.errors?.at(0))}`)
  }
})

const WRONG = {
  'an unknown state': '/x:\n  file.manged: []\n',
  'an unknown argument': '/x:\n  file.managed:\n    - contnets: x\n',
  'an unknown argument in a map': '/x:\n  file.managed: { contnets: x }\n',
  'a number for a flag': '/x:\n  file.managed:\n    - makedirs: 7\n',
  'an unknown short form': 'x: pkg.instaled\n',
  'a list': '- x\n',
  'arguments that are no map': '/x:\n  file.managed: 7\n',
}

for (const [what, yaml] of Object.entries(WRONG)) {
  t.test(`not valid: ${what}`, async (t) => t.notOk(check(yaml)))
}

t.test('a value that a template puts in may be of any type', async (t) => {
  t.ok(check('/x:\n  file.managed:\n    - makedirs: "{{pillar.flag}}"\n'))
})
