import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { folder } from '../modules/applied.ts'
import { type Block, fileIn, isShown, sectionsOf, type Shown, shownIn } from './blocks.ts'
import { placed } from './examples.ts'

// The guide to the language does what it says: each section (`## `) is a folder, each block that begins with a path in a
// comment is a file in it, and each console block is typed there. `/etc` and its like stand for folders in it.
// UPDATE_GOLDEN=1 puts what is printed into the guide.

const GUIDE = 'docs/language.md'
const guide = readFileSync(GUIDE, 'utf8')
const me = { user: userInfo().username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() }
const programs = folder(t)
for (const name of ['butler-call', 'butler-master']) {
  writeFileSync(join(programs, name), `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin', name)}.js' "$@"\n`)
  chmodSync(join(programs, name), 0o755)
}

const updates: { block: Block; text: string }[] = []

for (const { title, blocks } of sectionsOf(guide).filter((section) => section.blocks.length > 0)) {
  t.test(title, async (t) => {
    const root = folder(t)
    for (const path of ['etc', 'opt', 'srv', 'usr/local/bin', 'var/lib'])
      mkdirSync(join(root, path), { recursive: true })
    for (const block of blocks) {
      const file = fileIn(block)
      if (block.language === 'console') typed(t, root, block)
      else if (file !== undefined) written(root, file)
      else
        t.equal(block.language, 'jinja', `line ${block.line}: a block is a file, a console, or Jinja, which is Salt's`)
    }
  })
}

t.teardown(() => {
  if (updates.length === 0) return
  writeFileSync(
    GUIDE,
    updates.reduce((document, { block, text }) => document.replace(block.text, () => text), guide),
  )
})

function written(root: string, { path, text }: { path: string; text: string }): void {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), placed(text, root, me))
}

/** Types the lines of a console one after the other. */
function typed(t: Test, root: string, block: Block): void {
  const lines = shownIn(block)
  const printed = lines.map(({ command }) => printedBy(command, root))
  for (const [index, { command, output }] of lines.entries()) {
    const said = printed[index] ?? ''
    if (process.env['UPDATE_GOLDEN'] === '1' && !isShown(output, said)) {
      updates.push({ block, text: consoleOf(lines, printed) })
    } else t.ok(isShown(output, said), `line ${block.line}: $ ${command}`, { shown: output, printed: said })
  }
}

function consoleOf(lines: readonly Shown[], printed: readonly string[]): string {
  return lines
    .map(({ command, output }, index) => {
      const said = printed[index] ?? ''
      const kept = isShown(output, said) ? output : said.replaceAll(/[ \t]+$/gmu, '').trimEnd()
      return `$ ${command}${kept === '' ? '' : `\n${kept}`}`
    })
    .join('\n')
}

/** What a line prints, errors too, with the folder taken out of it. */
function printedBy(command: string, root: string): string {
  const { stdout } = spawnSync('sh', ['-c', `exec 2>&1; ${placed(command, root, me)}`], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH']}`, NO_COLOR: '1' },
  })
  return stdout.replaceAll(root, '')
}
