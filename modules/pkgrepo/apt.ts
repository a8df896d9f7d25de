import { UserError } from '../../core/errors.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import type { Repository, Want } from './repository.ts'

// Debian and its relatives: a file of deb822, or of one line where the name of the file says so.

const LINE =
  /^(?<type>deb|deb-src)\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)(?<comps>(?:\s+\S+)*)\s*$/u

interface Entry {
  type: string
  uri: string
  suite: string
  comps: string[]
  /** As deb822 writes them. */
  options: Readonly<Record<string, string>>
}

export function aptRepository(want: Want): Repository {
  const given = parseLine(want.name)
  const slug = `${given.uri} ${given.suite}`.replaceAll(/^\w+:\/\/|[^A-Za-z0-9]+/gu, '-').replaceAll(/^-+|-+$/gu, '')
  const keyFile = want.signedby ?? (want.key_url === undefined ? undefined : keyFileOf(slug, want.key_url))
  const entry: Entry = {
    ...given,
    suite: want.dist ?? given.suite,
    comps: [...(want.comps ?? given.comps)],
    options: {
      ...given.options,
      ...(want.architectures === undefined ? {} : { Architectures: want.architectures.join(' ') }),
      ...(keyFile === undefined ? {} : { 'Signed-By': keyFile }),
    },
  }
  const file = want.file ?? `/etc/apt/sources.list.d/${slug}.sources`
  const content = file.endsWith('.list') ? oneLine(entry, want.enabled) : deb822(entry, want.enabled)
  return { file, content, keyFile: want.key_url === undefined ? undefined : keyFile }
}

/** apt tells a key in letters from one in bytes by the ending alone. */
function keyFileOf(slug: string, url: string): string {
  return `/etc/apt/keyrings/${slug}.${url.endsWith('.gpg') ? 'gpg' : 'asc'}`
}

/** Names of options in a line, as deb822 calls them. */
const OPTIONS: Readonly<Record<string, string>> = {
  arch: 'Architectures',
  'signed-by': 'Signed-By',
  trusted: 'Trusted',
  lang: 'Languages',
  target: 'Targets',
}

function parseLine(line: string): Entry {
  const { type, options = '', uri, suite, comps = '' } = LINE.exec(line)?.groups ?? {}
  if (type === undefined || uri === undefined || suite === undefined) {
    throw new UserError('bad-repository', `'${line}' is no repository of apt.`, {
      hint: 'Write it as in sources.list: deb https://deb.example.org/debian bookworm main',
    })
  }
  const pairs = options.trim() === '' ? [] : options.trim().split(/\s+/u)
  return {
    type,
    uri,
    suite,
    comps: comps.trim() === '' ? [] : comps.trim().split(/\s+/u),
    options: Object.fromEntries(pairs.map((pair) => optionOf(line, pair))),
  }
}

function optionOf(line: string, pair: string): [string, string] {
  const [key = '', value = ''] = pair.split('=')
  const name = OPTIONS[key]
  if (name !== undefined && value !== '') return [name, value.replaceAll(',', ' ')]
  throw new UserError('bad-repository', `'${pair}' in '${line}' is no option of apt that is known here.`, {
    hint: `There is: ${Object.keys(OPTIONS).join(', ')}.`,
  })
}

function deb822({ type, uri, suite, comps, options }: Entry, enabled: boolean): string {
  const fields = {
    Types: type,
    URIs: uri,
    Suites: suite,
    ...(comps.length === 0 ? {} : { Components: comps.join(' ') }),
    ...options,
    ...(enabled ? {} : { Enabled: 'no' }),
  }
  return `# Written by Butler.\n${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')}`
}

function oneLine({ type, uri, suite, comps, options }: Entry, enabled: boolean): string {
  const names = Object.fromEntries(Object.entries(OPTIONS).map(([short, long]) => [long, short]))
  const pairs = Object.entries(options).map(([key, value]) => `${names[key] ?? key}=${value.replaceAll(' ', ',')}`)
  const words = [type, ...(pairs.length === 0 ? [] : [`[${pairs.join(' ')}]`]), uri, suite, ...comps]
  return `# Written by Butler.\n${enabled ? '' : '# '}${words.join(' ')}\n`
}

export async function readAgainByApt(host: Host): Promise<void> {
  const words = [
    'apt-get',
    '-q',
    '-o',
    'DPkg::Lock::Timeout=300',
    '-o',
    'APT::Update::Error-Mode=any',
    'update',
  ] as const
  const { exitCode, stdout, stderr } = await host.run(words, { env: { LC_ALL: 'C' } })
  if (exitCode === 0) return
  const said = (stderr || stdout).trimEnd().split('\n').slice(-5).join('\n')
  throw new ChangeFailed(`apt-get update failed:\n${said}`, {
    hint: 'Look at the address, the suite and the key; with `refresh: false` nobody asks.',
  })
}
