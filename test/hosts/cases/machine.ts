import type { Case } from './case.ts'

/** What a machine is called and set to: names, firewall, time zone, kernel, locales, mounts, jobs. */
export const MACHINE: readonly Case[] = [
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
  {
    title: 'a file system on a device',
    covers: ['blockdev.formatted'],
    // Files stand for the devices.
    before: 'truncate -s 16M /srv/disk.img && truncate -s 16M /srv/other.img && mkfs.ext2 -q /srv/other.img',
    states: `
/srv/disk.img:
  blockdev.formatted: []
/srv/other.img:
  blockdev.formatted:
    - fs_type: ext4
    - force: true
`,
    damage: {
      'truncate -s 0 /srv/disk.img && truncate -s 16M /srv/disk.img': ['/srv/disk.img blockdev.formatted'],
      'mkfs.ext2 -q -F /srv/other.img': ['/srv/other.img blockdev.formatted'],
    },
  },
]
