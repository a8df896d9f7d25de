import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

for (const file of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md')]) {
  t.test(`every link of ${file} leads somewhere`, async (t) => {
    for (const [, path = '', anchor] of linksIn(readFileSync(file, 'utf8'))) {
      const target = path === '' ? file : join(dirname(file), path)
      t.ok(existsSync(target), path)
      if (anchor !== undefined) t.ok(anchorsIn(readFileSync(target, 'utf8')).includes(anchor), `${path}#${anchor}`)
    }
  })
}

/** `[words](path#anchor)`, addresses of the web apart. */
function linksIn(text: string): IterableIterator<RegExpMatchArray> {
  return text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/gu)
}

/** As GitHub makes them of headings: what is there already gets a number. */
function anchorsIn(text: string): string[] {
  const plain = [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
  return plain.map((anchor, index) => {
    const before = plain.slice(0, index).filter((one) => one === anchor).length
    return before === 0 ? anchor : `${anchor}-${before}`
  })
}
