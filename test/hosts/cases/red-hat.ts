import type { Case } from './case.ts'

const RPMS = '/srv/rpms'

/** A shell line that builds a package of one file. */
function built(name: string, version: string): string {
  const spec = [
    `Name: ${name}`,
    `Version: ${version}`,
    'Release: 1',
    'Summary: x',
    'License: none',
    'BuildArch: noarch',
    '%description',
    'x',
    '%install',
    `mkdir -p %{buildroot}/opt/rpms && echo ${version} > %{buildroot}/opt/rpms/${name}`,
    '%files',
    `/opt/rpms/${name}`,
  ]
  return `printf '%s\\n' ${spec.map((line) => `'${line}'`).join(' ')} > ${name}.spec && rpmbuild -bb --quiet --define '_rpmdir ${RPMS}' ${name}.spec`
}

/** What the host is taken for. */
const grains = { os_family: 'RedHat' }

/**
 * Packages on machines of the Red Hat family. None of those can be booted here: the programs are the real dnf and rpm, as
 * Debian has them, on a host that has no packages of theirs, with a repository that is made on it.
 */
export const RED_HAT: readonly Case[] = [
  {
    title: 'dnf: a repository, and one that is not used any more',
    covers: [],
    grains,
    before: [
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends dnf dnf-plugins-core rpm file createrepo-c',
      // A repository of Debian's own making, which needs keys.
      "sed -i 's/^enabled.*/enabled = false/' /etc/dnf/plugins/local.conf",
      `mkdir -p ${RPMS} /etc/yum.repos.d /root/specs && cd /root/specs`,
      ...['1.0', '2.0'].map((version) => built('hello', version)),
      ...['1.0', '2.0'].map((version) => built('kept', version)),
      built('other', '1.0'),
      `createrepo_c -q ${RPMS}`,
      built('file-only', '1.0'),
      'mv /srv/rpms/noarch/file-only-*.rpm /srv/file-only.rpm',
      `printf '[old]\nname=old\nbaseurl=file:///srv/none\n' > /etc/yum.repos.d/old.repo`,
    ].join(' && '),
    states: `
old:
  pkgrepo.absent: []
vendor:
  pkgrepo.managed:
    - humanname: Packages of a vendor
    - baseurl: file://${RPMS}
    - gpgcheck: false
    - require: [{ pkgrepo: old }]
`,
    damage: {
      'rm /etc/yum.repos.d/vendor.repo': ['vendor pkgrepo.managed'],
      "sed -i 's/enabled=1/enabled=0/' /etc/yum.repos.d/vendor.repo": ['vendor pkgrepo.managed'],
    },
  },
  {
    title: 'dnf: packages are installed, one in just this version, one from a file',
    covers: [],
    grains,
    states: `
hello:
  pkg.installed:
    - version: 1.0-1
other:
  pkg.installed: []
from a file:
  pkg.installed:
    - sources: [{ file-only: /srv/file-only.rpm }]
    - skip_verify: true
`,
    damage: {
      'dnf -q -y remove other': ['other pkg.installed'],
      'dnf -q -y upgrade hello': ['hello pkg.installed'],
      'dnf -q -y remove file-only': ['from a file pkg.installed'],
    },
  },
  {
    title: 'dnf: packages keep their version, and one is the newest',
    covers: [],
    grains,
    before: 'dnf -q -y install kept-1.0',
    states: `
kept:
  pkg.held: []
hello:
  pkg.latest: []
`,
    damage: {
      'dnf -q -y versionlock delete kept': ['kept pkg.held'],
      'dnf -q -y downgrade hello-1.0': ['hello pkg.latest'],
    },
  },
  {
    title: 'dnf: all that is not held is brought up to date',
    covers: [],
    grains,
    before: 'dnf -q -y downgrade hello-1.0',
    states: `
updates:
  pkg.uptodate: []
`,
    damage: { 'dnf -q -y downgrade hello-1.0': ['updates pkg.uptodate'] },
  },
  {
    title: 'dnf: packages are not there',
    covers: [],
    grains,
    states: `
other:
  pkg.removed: []
file-only:
  pkg.purged: []
`,
    damage: { 'dnf -q -y install other': ['other pkg.removed'] },
  },
]
