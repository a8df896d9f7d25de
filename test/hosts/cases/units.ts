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

/** Services of the machine, by systemd. */
export const UNITS: readonly Case[] = [
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
]
