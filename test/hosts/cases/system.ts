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

/** Public keys that nobody has the private half of. */
const KEYS = {
  one: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ${'1'.repeat(42)}`,
  two: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ${'2'.repeat(42)}`,
  old: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ${'3'.repeat(42)}`,
}

/** Packages, services, accounts, names, keys, jobs, repositories and the firewall. */
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
  {
    title: 'a service that nobody may start, and one that may be started again',
    covers: ['service.masked', 'service.unmasked'],
    before: 'systemctl mask apt-daily-upgrade.timer',
    states: `
apt-daily.timer:
  service.masked: []
apt-daily-upgrade.timer:
  service.unmasked: []
not-there-yet:
  service.masked: []
`,
    damage: {
      'systemctl unmask apt-daily.timer': ['apt-daily.timer service.masked'],
      'systemctl mask apt-daily-upgrade.timer': ['apt-daily-upgrade.timer service.unmasked'],
    },
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
    title: 'jobs of cron',
    covers: ['cron.present', 'cron.absent'],
    before: [
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends cron',
      // As Salt leaves a job, one of its owner's own, and one that is not wanted any more.
      "printf '# SALT_CRON_IDENTIFIER:backup\\n1 1 * * * /old/backup\\n5 5 * * * /own/job\\n@daily /old/sweep\\n' | crontab -",
    ].join(' && '),
    states: `
/usr/local/bin/backup:
  cron.present:
    - identifier: backup
    - hour: 3
    - minute: '*/30'
    - comment: every night
/usr/local/bin/tidy --all:
  cron.present:
    - user: nobody
    - special: '@reboot'
/old/sweep:
  cron.absent: []
`,
    damage: {
      "crontab -l | sed 's/^\\*\\/30/7/' | crontab -": ['/usr/local/bin/backup cron.present'],
      'crontab -u nobody -r': ['/usr/local/bin/tidy --all cron.present'],
      '{ crontab -l; echo "0 0 * * * /old/sweep"; } | crontab -': ['/old/sweep cron.absent'],
    },
  },
  {
    title: 'the time zone',
    covers: ['timezone.system'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q tzdata',
    states: `
Europe/Berlin:
  timezone.system: []
`,
    damage: {
      'ln -sf /usr/share/zoneinfo/UTC /etc/localtime': ['Europe/Berlin timezone.system'],
      'echo Etc/UTC > /etc/timezone': ['Europe/Berlin timezone.system'],
    },
  },
  {
    title: 'settings of the kernel that a container has for itself',
    covers: ['sysctl.present'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q procps',
    states: `
net.ipv4.ip_local_port_range:
  sysctl.present:
    - value: 20000 60000
net.ipv4.tcp_fin_timeout:
  sysctl.present:
    - value: 33
`,
    damage: {
      'sysctl -w net.ipv4.tcp_fin_timeout=60': ['net.ipv4.tcp_fin_timeout sysctl.present'],
      'rm /etc/sysctl.d/99-butler.conf': [
        'net.ipv4.ip_local_port_range sysctl.present',
        'net.ipv4.tcp_fin_timeout sysctl.present',
      ],
    },
  },
  {
    title: 'which of several programs is meant',
    covers: ['alternatives.set'],
    before: [
      'update-alternatives --install /usr/local/bin/say say /bin/echo 10',
      'update-alternatives --install /usr/local/bin/say say /bin/true 20',
    ].join(' && '),
    states: `
say:
  alternatives.set:
    - path: /bin/echo
`,
    damage: { 'update-alternatives --auto say': ['say alternatives.set'] },
  },
  {
    title: 'who may do what by sudo',
    covers: ['sudoers.present', 'sudoers.absent'],
    before:
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends sudo && touch /etc/sudoers.d/old',
    states: `
operators:
  sudoers.present:
    - rules: ['%operators ALL=(ALL) ALL', 'nobody ALL=(root) NOPASSWD: /bin/true']
old:
  sudoers.absent: []
`,
    damage: {
      'chmod 0644 /etc/sudoers.d/operators': ['operators sudoers.present'],
      'echo "nobody ALL=(ALL) ALL" >> /etc/sudoers.d/operators': ['operators sudoers.present'],
      'touch /etc/sudoers.d/old': ['old sudoers.absent'],
    },
  },
  {
    title: 'a repository of packages, with its key, and one that is not used any more',
    covers: ['pkgrepo.managed', 'pkgrepo.absent'],
    // A repository of this machine's own, signed by a key that is made here: a stand-in for a vendor's.
    before: [
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends apt-utils gpg gpg-agent',
      'mkdir -p /srv/repo/dists/stable/main/binary-amd64 && cd /srv/repo && apt-get download bc && apt-get download bc',
      'apt-ftparchive packages . > dists/stable/main/binary-amd64/Packages',
      'apt-ftparchive -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Components=main release dists/stable > /tmp/Release',
      'mv /tmp/Release dists/stable/Release',
      'export GNUPGHOME=/srv/gpg && mkdir -m 700 -p $GNUPGHOME',
      "gpg --batch --quiet --passphrase '' --quick-generate-key vendor default default never",
      'gpg --batch --yes --clearsign -o dists/stable/InRelease dists/stable/Release',
      'gpg --batch --armor --export vendor > /srv/repo/vendor.asc',
      'echo "deb file:/srv/none stable main" > /etc/apt/sources.list.d/srv-none-stable.list',
    ].join(' && '),
    states: `
deb file:/srv/repo stable main:
  pkgrepo.managed:
    - file: /etc/apt/sources.list.d/vendor.sources
    - key_url: /srv/repo/vendor.asc
    - signedby: /etc/apt/keyrings/vendor.asc
    - require: [{ pkgrepo: deb file:/srv/none stable main }]
deb file:/srv/none stable main:
  pkgrepo.absent:
    - file: /etc/apt/sources.list.d/srv-none-stable.list
    - refresh: false
`,
    damage: {
      'rm /etc/apt/sources.list.d/vendor.sources': ['deb file:/srv/repo stable main pkgrepo.managed'],
      'rm /etc/apt/keyrings/vendor.asc': ['deb file:/srv/repo stable main pkgrepo.managed'],
      'echo "# deb" > /etc/apt/sources.list.d/srv-none-stable.list': ['deb file:/srv/none stable main pkgrepo.absent'],
    },
  },
  {
    title: 'keys by which users may log in',
    covers: ['ssh_auth.present', 'ssh_auth.absent'],
    before: [
      'useradd --create-home keeper',
      'install -d -o keeper -m 700 /home/keeper/.ssh',
      `echo '${KEYS.old} old' > /home/keeper/.ssh/authorized_keys`,
    ].join(' && '),
    states: `
${KEYS.one} one:
  ssh_auth.present:
    - user: keeper
    - options: [no-port-forwarding]
several:
  ssh_auth.present:
    - user: root
    - names:
        - ${KEYS.one} one
        - ${KEYS.two} two
${KEYS.old}:
  ssh_auth.absent:
    - user: keeper
`,
    damage: {
      'rm -r /root/.ssh': ['several ssh_auth.present', 'several ssh_auth.present'],
      "sed -i 's/no-port-forwarding //' /home/keeper/.ssh/authorized_keys": [`${KEYS.one} one ssh_auth.present`],
      [`echo '${KEYS.old}' >> /home/keeper/.ssh/authorized_keys`]: [`${KEYS.old} ssh_auth.absent`],
    },
  },
  {
    title: 'what the machine is called',
    covers: ['hostname.system'],
    before: 'cp /etc/hostname /srv/hostname',
    states: `
one.example.org:
  hostname.system: []
`,
    damage: {
      'hostname other': ['one.example.org hostname.system'],
      'echo other > /etc/hostname': ['one.example.org hostname.system'],
    },
  },
  {
    title: 'locales',
    covers: ['locale.present', 'locale.system'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends locales',
    states: `
de_DE.UTF-8:
  locale.present: []
C.UTF-8:
  locale.system: []
`,
    damage: {
      'rm -f /usr/lib/locale/locale-archive': ['de_DE.UTF-8 locale.present'],
      'echo LANG=de_DE.UTF-8 > /etc/default/locale': ['C.UTF-8 locale.system'],
    },
  },
  {
    title: 'file systems in their places, and one that is not mounted any more',
    covers: ['mount.mounted', 'mount.unmounted'],
    before: 'mkdir -p /srv/old && mount -t tmpfs old /srv/old && echo "old /srv/old tmpfs defaults 0 0" >> /etc/fstab',
    states: `
/srv/a place:
  mount.mounted:
    - device: tmpfs
    - fstype: tmpfs
    - opts: [size=1M]
    - mkmnt: true
/srv/old:
  mount.unmounted:
    - persist: true
`,
    damage: {
      'umount "/srv/a place"': ['/srv/a place mount.mounted'],
      "sed -i '/a.040place/d' /etc/fstab": ['/srv/a place mount.mounted'],
      'mount -t tmpfs old /srv/old': ['/srv/old mount.unmounted'],
    },
  },
]
