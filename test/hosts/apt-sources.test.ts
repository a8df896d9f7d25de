import { join } from 'node:path'
import t from 'tap'
import { debianSources, mirrorOf, oneLine } from './apt-sources.ts'

const DEB822 = `
Types: deb
# a note
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib

Types: deb deb-src
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://mirror.example/off
Suites: bookworm
Components: main
`

t.test('only the wanted release counts, in both forms of the file', async (t) => {
  const folder = t.testdir({
    'sources.list':
      '# old form\ndeb [arch=amd64] http://other.example/debian bookworm main\ndeb-src http://other.example/debian bookworm main\n',
    'sources.list.d': {
      'debian.sources': DEB822,
      'vendor.list': 'deb https://vendor.example/apt stable main\n',
    },
  })
  const sources = await debianSources('bookworm', folder)
  t.strictSame(sources.flatMap(oneLine), [
    'deb http://other.example/debian bookworm main',
    'deb http://mirror.example/debian bookworm main contrib',
    'deb http://mirror.example/debian bookworm-updates main contrib',
    'deb http://mirror.example/security bookworm-security main',
  ])
  t.equal(mirrorOf('bookworm', sources), 'http://other.example/debian')
})

t.test('a machine without that release says so', async (t) => {
  const folder = t.testdir({ 'sources.list.d': { 'debian.sources': DEB822 } })
  await t.rejects(debianSources('trixie', folder), {
    code: 'no-debian-mirror',
    hint: `Add one to ${join(folder, 'sources.list.d')}: the hosts are made from it.`,
  })
})
