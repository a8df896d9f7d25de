// docs/language.md: its files are written, its commands run, and what they print is compared.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import t from 'tap'

const SCRATCH = '/tmp/butler-guide'

interface Block {
  /** `yaml states/web.yaml`, `sh`. */
  info: string
  text: string
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\S.*)\n([^]*?)^```$/gmu)].map(([, info = '', text = '']) => ({ info, text }))
}

/** Command lines begin with `$ `; what follows is what they print, and `exit code N` when that is not 0. */
function commandsOf(text: string): { words: string[]; printed: string; exitCode: number }[] {
  return text
    .split(/^\$ /mu)
    .slice(1)
    .map((part) => {
      const [line = '', ...rest] = part.trimEnd().split('\n')
      const code = /^exit code (\d+)$/u.exec(rest.at(-1) ?? '')
      return {
        words: line.split(' '),
        printed: (code === null ? rest : rest.slice(0, -1)).join('\n'),
        exitCode: Number(code?.[1] ?? 0),
      }
    })
}

/** `…` stands for anything in a line, and in a line of its own for any lines. */
function patternOf(printed: string): RegExp {
  const lines = printed.split('\n').map((line) => {
    if (line === '…') return '(?:.*\\n)*?'
    return `${line.split('…').map(escaped).join('.*')}\\n`
  })
  return new RegExp(`^${lines.join('')}`, 'mu')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
}

t.test('docs/language.md', async (t) => {
  const folder = t.testdir()
  rmSync(SCRATCH, { recursive: true, force: true })
  t.teardown(() => rmSync(SCRATCH, { recursive: true, force: true }))
  for (const { info, text } of blocksOf(readFileSync('docs/language.md', 'utf8'))) {
    const [language, path] = info.split(' ')
    if (language === 'yaml' && path !== undefined) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    if (language !== 'sh') continue
    for (const { words, printed, exitCode } of commandsOf(text)) {
      const [program = '', ...rest] = words
      const command = [resolve('bin', `${program}.js`), ...rest]
      const ran = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
      t.match(`${ran.stderr}${ran.stdout}`, patternOf(printed), words.join(' '))
      t.equal(ran.status, exitCode, `exit code of ${words.join(' ')}`)
    }
  }
})
