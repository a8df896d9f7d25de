import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { modules } from '../../../modules/catalog.ts'

function docs(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bin/butler-call.js', 'docs', ...words], { encoding: 'utf8' })
}

t.test('of a state, of a function, of all', async (t) => {
  t.match(docs('file.managed').stdout, /^### file\.managed\n[^]*\| `contents` \| text, or a list of its lines \|/u)
  t.match(docs('service.status').stdout, '```sh\nbutler-call service.status')
  t.match(docs().stdout, /^file {9}Files, folders/mu)
  const dir = t.testdir()
  t.equal(docs('--to', dir).status, 0)
  t.equal(readdirSync(dir).length, Object.keys(modules).length + 1)
  t.equal(readFileSync(`${dir}/pkg.md`, 'utf8'), docs('pkg').stdout.trimEnd() + '\n')
})

t.test('a name that does not exist', async (t) => {
  const { status, stderr } = docs('file.manged', 'constructor')
  t.equal(status, 2)
  t.match(stderr, "'file.manged' is no subject, state or execution function.\n  Did you mean 'file.managed'?")
  t.match(stderr, "'constructor' is no subject")
})
