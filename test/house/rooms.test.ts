import { readFileSync, globSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

// The import rules of the house: which room may see which. A change of these rules is a change of the architecture.
const MAY_SEE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  modules: ['core'],
  minion: ['core', 'modules'],
  master: ['core', 'modules'],
  tracker: ['core'],
  // Starts the programs as a person would; imports none of them.
  embedded: ['core'],
}

interface Import {
  from: string
  to: string
}

t.test('a room imports only the rooms below it', async (t) => {
  const wrong = Object.keys(MAY_SEE)
    .flatMap(importsOf)
    .filter(({ to }) => isPath(to))
    .filter(({ from, to }) => roomOf(from) !== roomOf(to) && !MAY_SEE[roomOf(from)]?.includes(roomOf(to)))
  t.strictSame(wrong, [])
})

t.test('a module sees core and its own subject, and no effects', async (t) => {
  const wrong = importsOf('modules').filter(({ from, to }) => {
    const subject = subjectOf(from)
    const another = isPath(to) && roomOf(to) === 'modules' && subject !== undefined && subjectOf(to) !== subject
    return to.startsWith('node:') || another
  })
  t.strictSame(wrong, [])
})

t.test("the operator's commands see the master only through the client of its API", async (t) => {
  const allowed = [
    'master/api/client.ts',
    'master/api/contract.ts',
    // `start` and `setup` are the daemon's own beginnings: loaded only when they are called.
    'master/main.ts',
    'master/config.ts',
    'master/setup.ts',
    // `check --file-root` needs no master: the same eyes on folders.
    'master/offline/check-folders.ts',
    'master/offline/imagined.ts',
  ]
  const wrong = importsOf('master/cli').filter(
    ({ from, to }) =>
      roomOf(to) === 'master' && !to.startsWith('master/cli/') && !allowed.includes(to) && !isTypeOnly(from, to),
  )
  t.strictSame(wrong, [])
})

t.test('compiling is pure: no socket, disk, clock or process', async (t) => {
  const wrong = ['core/compile', 'core/target', 'core/module']
    .flatMap(importsOf)
    .filter(({ to }) => to.startsWith('node:') && to !== 'node:crypto')
  t.strictSame(wrong, [])
})

t.test('no file has a name that says nothing', async (t) => {
  const wrong = Object.keys(MAY_SEE)
    .flatMap(filesOf)
    .filter((file) => /(^|\/)(utils?|helpers?|common|misc|types|lib|shared)(\.ts$|\/)/u.test(file))
  t.strictSame(wrong, [])
})

function filesOf(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`).map((file) => file.replaceAll('\\', '/'))
}

function importsOf(folder: string): Import[] {
  return filesOf(folder).flatMap((from) => {
    const text = readFileSync(from, 'utf8')
    const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(?<to>[^'\n]+)'/gu)
    return [...found].map((match) => ({ from, to: resolved(from, match.groups?.['to'] ?? '') }))
  })
}

/** A relative import as a path from the project's root; others as they are. */
function resolved(from: string, to: string): string {
  return to.startsWith('.') ? normalize(join(dirname(from), to)) : to
}

function isPath(to: string): boolean {
  return Object.keys(MAY_SEE).some((room) => to.startsWith(`${room}/`))
}

function isTypeOnly(from: string, to: string): boolean {
  const name = to.split('/').at(-1) ?? to
  const lines = readFileSync(from, 'utf8').match(new RegExp(`^import .*${name}'$`, 'gmu')) ?? []
  return lines.length > 0 && lines.every((line) => line.startsWith('import type'))
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? path
}

/** `file` for `modules/file/managed.ts`; nothing for the registry itself. */
function subjectOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts.length > 2 ? parts[1] : undefined
}
