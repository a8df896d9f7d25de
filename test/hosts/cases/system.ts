import type { Case } from './case.ts'

const UNIT = `
/etc/systemd/system/watchman.service:
  file.managed:
    - contents: |
        [Service]
        ExecStart=/bin/sleep infinity
        [Install]
        WantedBy=multi-user.target
`

/** Packages, services, accounts and names. */
export const SYSTEM: readonly Case[] = [
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
    title: 'a service runs, starts at boot, and restarts when what it watches changes',
    covers: ['service.running', 'service.enabled'],
    states: `${UNIT}
watchman:
  service.running:
    - enable: true
    - watch: [{ file: /etc/systemd/system/watchman.service }]
`,
    damage: {
      'systemctl stop watchman': ['watchman service.running'],
      'systemctl disable watchman': ['watchman service.running'],
      "echo '# by hand' >> /etc/systemd/system/watchman.service": [
        '/etc/systemd/system/watchman.service file.managed',
        'watchman service.running',
      ],
    },
  },
  {
    title: 'a service is stopped and stays off',
    covers: ['service.dead', 'service.disabled'],
    before: 'systemctl enable --now watchman',
    states: `
watchman:
  service.dead:
    - enable: false
`,
    damage: {
      'systemctl start watchman': ['watchman service.dead'],
      'systemctl enable watchman': ['watchman service.dead'],
    },
  },
  {
    title: 'a group and a user in it',
    covers: ['group.present', 'user.present'],
    states: `
analysts:
  group.present:
    - gid: 4711
ada:
  user.present:
    - uid: 4712
    - gid: 4711
    - home: /home/ada
    - shell: /bin/bash
    - fullname: Ada Lovelace
`,
    damage: {
      'usermod --shell /bin/sh ada': ['ada user.present'],
      'usermod --comment Nobody ada': ['ada user.present'],
      'userdel ada': ['ada user.present'],
      'userdel ada; groupdel analysts': ['analysts group.present', 'ada user.present'],
    },
  },
  {
    title: 'a user and a group are not there',
    covers: ['user.absent', 'group.absent'],
    states: `
ada:
  user.absent: []
analysts:
  group.absent:
    - require: [{ user: ada }]
`,
    damage: {
      'groupadd --gid 4711 analysts; useradd --gid 4711 ada': ['ada user.absent', 'analysts group.absent'],
    },
  },
  {
    title: 'a name is known',
    covers: ['host.present'],
    states: `
library:
  host.present:
    - ip: 192.0.2.7
    - names: [library, library.example]
`,
    damage: {
      'grep -v 192.0.2.7 /etc/hosts > /etc/hosts.new; cat /etc/hosts.new > /etc/hosts; rm /etc/hosts.new': [
        'library host.present',
        'library host.present',
      ],
    },
  },
  {
    title: 'a name is forgotten',
    covers: ['host.absent'],
    states: `
library:
  host.absent:
    - ip: 192.0.2.7
`,
    damage: { 'echo 192.0.2.7 library >> /etc/hosts': ['library host.absent'] },
  },
  {
    title: 'a firewall',
    covers: ['firewall.managed'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nftables',
    states: `
butler:
  firewall.managed:
    - open:
        ssh: { ports: [22] }
        postgresql: { ports: [5432, 8000-8010, 8301/udp], from: [10.0.0.0/24, 10.0.0.7, 'fd00::/64'] }
        nobody: { ports: [99], from: [] }
    - rules: ['ip saddr 192.0.2.7 drop']
`,
    damage: {
      'nft delete table inet butler': ['butler firewall.managed'],
      'nft insert rule inet butler input tcp dport 99 accept': ['butler firewall.managed'],
      'echo >> /etc/nftables.d/butler.nft': ['butler firewall.managed'],
    },
  },
]
