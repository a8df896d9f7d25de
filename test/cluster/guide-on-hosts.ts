import { globSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import type { Lab } from '../hosts/lab.ts'

/** Its chapters are numbered. */
const CHAPTERS = 'docs/guide/[0-9]-*.md'

interface Typed {
  host: string
  command: string
  /** Lines that it must print, in this order; others may stand between. */
  shown: readonly string[]
}

/** The operator's guide does what it says: each command is typed on the host that stands before its `$`. */
export async function guideOnHosts(t: Test, lab: Lab): Promise<void> {
  const chapters = globSync(CHAPTERS).toSorted((a, b) => a.localeCompare(b))
  t.not(chapters.length, 0)
  for (const { host, command, shown } of chapters.flatMap((chapter) => commandsIn(readFileSync(chapter, 'utf8')))) {
    const { exitCode, stdout, stderr } = await lab.host(host).run(['sh', '-c', command])
    t.equal(exitCode, 0, `${host}$ ${command}\n${stdout}${stderr}`)
    const rest = stdout.split('\n')
    for (const line of shown) {
      const found = rest.findIndex((printed) => patternOf(line).test(printed))
      t.not(found, -1, `${host}$ ${command}: '${line}' is not in\n${stdout}`)
      rest.splice(0, found + 1)
    }
  }
}

function commandsIn(document: string): Typed[] {
  const blocks = document.matchAll(/^```console\n(.*?)^```$/gmsu)
  return [...blocks].flatMap(([, text = '']) =>
    text.split(/^(?=[a-z0-9-]+\$ )/mu).flatMap((part): Typed[] => {
      const [first = '', ...shown] = part.trimEnd().split('\n')
      const { host, command } = /^(?<host>[a-z0-9-]+)\$ (?<command>.*)$/u.exec(first)?.groups ?? {}
      return host === undefined || command === undefined ? [] : [{ host, command, shown }]
    }),
  )
}

/** `…` is any text. */
function patternOf(line: string): RegExp {
  const parts = line
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`))
  return new RegExp(`^\\s*${parts.join('.*')}\\s*$`, 'u')
}
