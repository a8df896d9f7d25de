import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'

/** One place that Debian's packages come from, as this machine's own apt knows it. */
export interface AptSource {
  uri: string
  suites: string[]
  components: string[]
}

/**
 * Where this machine gets Debian from: the hosts use the same mirror, so that no mirror's name stands in the project.
 * Only sources with a suite of the wanted release count: other vendors' repositories are not the hosts' business.
 */
export async function debianSources(release: string, folder = '/etc/apt'): Promise<AptSource[]> {
  const names = await readdir(join(folder, 'sources.list.d')).catch(() => [])
  const files = [
    join(folder, 'sources.list'),
    ...names.toSorted((a, b) => a.localeCompare(b)).map((name) => join(folder, 'sources.list.d', name)),
  ]
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(file, 'utf8').catch(() => '')] as const),
  )
  const all = texts.flatMap(([file, text]) => (file.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text)))
  const wanted = all.filter(
    ({ suites, components }) => suites.some((suite) => isOf(release, suite)) && components.includes('main'),
  )
  if (wanted.length === 0) {
    throw new UserError('no-debian-mirror', `None of this machine's apt sources has Debian's '${release}'.`, {
      hint: `Add one to ${folder}/sources.list.d: the hosts are made from it.`,
    })
  }
  return wanted.map((source) => ({ ...source, suites: source.suites.filter((suite) => isOf(release, suite)) }))
}

/** The mirror with the release itself, without its updates and security fixes. */
export function mirrorOf(release: string, sources: readonly AptSource[]): string {
  const found = sources.find(({ suites }) => suites.includes(release))
  if (found === undefined) throw new UserError('no-debian-mirror', `No apt source has the suite '${release}' itself.`)
  return found.uri
}

export function oneLine({ uri, suites, components }: AptSource): string[] {
  return suites.map((suite) => `deb ${uri} ${suite} ${components.join(' ')}`)
}

function isOf(release: string, suite: string): boolean {
  return suite === release || suite.startsWith(`${release}-`)
}

export function parseDeb822(text: string): AptSource[] {
  return text.split(/\n\s*\n/u).flatMap((stanza) => {
    const fields = new Map<string, string>()
    for (const line of stanza.split('\n')) {
      const [, key, value] = /^([A-Za-z-]+):\s*(.*)$/u.exec(line) ?? []
      if (key !== undefined && value !== undefined) fields.set(key.toLowerCase(), value)
    }
    const words = (key: string): string[] => (fields.get(key) ?? '').split(/\s+/u).filter((word) => word !== '')
    if (!words('types').includes('deb') || fields.get('enabled')?.toLowerCase() === 'no') return []
    return words('uris').map((uri) => ({ uri, suites: words('suites'), components: words('components') }))
  })
}

export function parseOneLine(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite, components] = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/u.exec(line.trim()) ?? []
    if (uri === undefined || suite === undefined || components === undefined) return []
    return [{ uri, suites: [suite], components: components.split(/\s+/u) }]
  })
}
