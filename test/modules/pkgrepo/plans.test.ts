import t from 'tap'
import { managed } from '../../../modules/pkgrepo/managed.ts'
import { plannedOn, recordedView, shownOf } from '../recorded.ts'

const DEBIAN = { os_family: 'Debian' }
const RED_HAT = { os_family: 'RedHat' }
const LINE =
  'deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/x.gpg] https://deb.example.org/debian bookworm main contrib'

t.test('apt: a line becomes a file of deb822, or of one line where the file is a .list', async (t) => {
  const view = recordedView({}, DEBIAN)
  t.strictSame(shownOf(await plannedOn(view, managed, { name: LINE })), {
    repository: {
      old: '',
      new: [
        '# Written by Butler.',
        'Types: deb',
        'URIs: https://deb.example.org/debian',
        'Suites: bookworm',
        'Components: main contrib',
        'Architectures: amd64 arm64',
        'Signed-By: /usr/share/keyrings/x.gpg',
        '',
      ].join('\n'),
    },
  })
  const file = '/etc/apt/sources.list.d/x.list'
  t.match(shownOf(await plannedOn(view, managed, { name: LINE, file, enabled: false })), {
    repository: { new: `# Written by Butler.\n# ${LINE}\n` },
  })
})

t.test('apt: what stands in the file already changes nothing', async (t) => {
  const file = '/etc/apt/sources.list.d/x.list'
  const view = recordedView({}, DEBIAN, { [file]: `# Written by Butler.\n${LINE}\n` })
  t.strictSame((await plannedOn(view, managed, { name: LINE, file })).changes, [])
})

t.test('dnf: a section of a file of its own', async (t) => {
  const want = { name: 'vendor', baseurl: 'https://rpm.example.org/el9', humanname: 'A vendor', gpgcheck: false }
  t.match(shownOf(await plannedOn(recordedView({}, RED_HAT), managed, want)), {
    repository: {
      new: '# Written by Butler.\n[vendor]\nname=A vendor\nbaseurl=https://rpm.example.org/el9\nenabled=1\ngpgcheck=0\n',
    },
  })
})

for (const [what, grains, want, wrong] of [
  ['no line of apt', DEBIAN, { name: 'vendor' }, /no repository of apt/u],
  ['an option that apt has not', DEBIAN, { name: 'deb [trust=yes] https://x y' }, /'trust=yes'/u],
  ['no id of dnf', RED_HAT, { name: LINE }, /no id/u],
  ['nowhere to take packages from', RED_HAT, { name: 'vendor' }, /where its packages are/u],
  ['a system that is not known', { os_family: 'Suse' }, { name: 'vendor' }, /Suse/u],
] as const) {
  t.test(`refused: ${what}`, async (t) => {
    await t.rejects(plannedOn(recordedView({}, { ...grains }), managed, { ...want }), { message: wrong })
  })
}
