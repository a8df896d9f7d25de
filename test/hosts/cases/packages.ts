import { makingRepository, VENDOR } from '../apt-repository.ts'
import type { Case } from './case.ts'

/** Packages and where they come from. */
export const PACKAGES: readonly Case[] = [
  {
    title: 'a package is installed',
    covers: ['pkg.installed'],
    states: `
tools:
  pkg.installed:
    - pkgs: [tree, bc]
`,
    damage: {
      'apt-get remove -y -q tree': ['tools pkg.installed'],
      'apt-get purge -y -q tree bc': ['tools pkg.installed'],
    },
  },
  {
    title: 'a package is not there',
    covers: ['pkg.removed'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q bc',
    states: `
bc:
  pkg.removed: []
`,
    damage: { 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q bc': ['bc pkg.removed'] },
  },
  {
    title: 'a package and its settings are not there',
    covers: ['pkg.purged'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q cron',
    states: `
cron:
  pkg.purged: []
`,
    damage: { 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q cron': ['cron pkg.purged'] },
  },
  {
    title: 'a package has the newest version',
    covers: ['pkg.latest'],
    states: `
bc:
  pkg.latest: []
`,
    damage: { 'apt-get remove -y -q bc': ['bc pkg.latest'] },
  },
  {
    title: 'a package is brought up to date, and one that is held is not',
    covers: ['pkg.uptodate'],
    // Two versions of two packages, in a repository of the host's own.
    before: [
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends apt-utils',
      'mkdir -p /srv/updates && cd /srv/updates',
      `for name in fresh stale; do for version in 1.0 2.0; do
        mkdir -p $name-$version/DEBIAN
        printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: a <a@localhost>\\nDescription: x\\n' $name $version > $name-$version/DEBIAN/control
        dpkg-deb --build $name-$version
      done; done`,
      'apt-ftparchive packages . > Packages',
      'echo "deb [trusted=yes] file:/srv/updates ./" > /etc/apt/sources.list.d/updates.list',
      'apt-get update -q && apt-get install -y -q fresh=1.0 stale=1.0 && apt-mark hold stale',
    ].join(' && '),
    states: `
updates:
  pkg.uptodate:
    - pkgs: [fresh, stale, not-installed]
`,
    damage: { 'apt-get install -y -q --allow-downgrades fresh=1.0': ['updates pkg.uptodate'] },
  },
  {
    title: 'packages that keep their version, and one that need not',
    covers: ['pkg.held', 'pkg.unheld'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q bc tree && apt-mark hold tree',
    states: `
bc:
  pkg.held: []
tree:
  pkg.unheld: []
`,
    damage: {
      'apt-mark unhold bc': ['bc pkg.held'],
      'apt-mark hold tree': ['tree pkg.unheld'],
    },
  },
  {
    title: 'a repository of packages, with its key, and one that is not used any more',
    covers: ['pkgrepo.managed', 'pkgrepo.absent'],
    before: [
      makingRepository('apt-get download bc'),
      'echo "deb file:/srv/none stable main" > /etc/apt/sources.list.d/srv-none-stable.list',
    ].join(' && '),
    states: `
${VENDOR.line}:
  pkgrepo.managed:
    - file: /etc/apt/sources.list.d/vendor.sources
    - key_url: ${VENDOR.key}
    - signedby: /etc/apt/keyrings/vendor.asc
    - require: [{ pkgrepo: deb file:/srv/none stable main }]
deb file:/srv/none stable main:
  pkgrepo.absent:
    - file: /etc/apt/sources.list.d/srv-none-stable.list
    - refresh: false
`,
    damage: {
      'rm /etc/apt/sources.list.d/vendor.sources': [`${VENDOR.line} pkgrepo.managed`],
      'rm /etc/apt/keyrings/vendor.asc': [`${VENDOR.line} pkgrepo.managed`],
      'echo "# deb" > /etc/apt/sources.list.d/srv-none-stable.list': ['deb file:/srv/none stable main pkgrepo.absent'],
    },
  },
]
