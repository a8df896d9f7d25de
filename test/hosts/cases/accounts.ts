import type { Case } from './case.ts'

/** Public keys that nobody has the private half of. */
const KEYS = {
  one: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ${'1'.repeat(42)}`,
  two: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ${'2'.repeat(42)}`,
  old: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ${'3'.repeat(42)}`,
}

/** Users and groups, and what lets them in. */
export const ACCOUNTS: readonly Case[] = [
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
    title: 'machines whose keys ssh knows',
    covers: ['ssh_known_hosts.present', 'ssh_known_hosts.absent'],
    before: [
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openssh-server',
      'systemctl start ssh',
      'useradd --create-home visitor',
      `echo '# by hand\nold.example,other.example ${KEYS.one}' > /etc/ssh/ssh_known_hosts`,
    ].join(' && '),
    states: `
git.example.org:
  ssh_known_hosts.present:
    - user: visitor
    - key: ${KEYS.one}
    - port: 2222
shown.example.org:
  ssh_known_hosts.present:
    - user: visitor
    - key: ${KEYS.two}
    - hash_known_hosts: false
# It is asked for its key, and believed the first time.
localhost:
  ssh_known_hosts.present:
    - enc: ssh-ed25519
old.example:
  ssh_known_hosts.absent: []
`,
    damage: {
      'ssh-keygen -f /home/visitor/.ssh/known_hosts -R "[git.example.org]:2222"': [
        'git.example.org ssh_known_hosts.present',
      ],
      [`sed -i 's@${KEYS.two}@${KEYS.old}@' /home/visitor/.ssh/known_hosts`]: [
        'shown.example.org ssh_known_hosts.present',
      ],
      [`echo 'old.example ${KEYS.two}' >> /etc/ssh/ssh_known_hosts`]: ['old.example ssh_known_hosts.absent'],
      'ssh-keygen -f /etc/ssh/ssh_known_hosts -R localhost': ['localhost ssh_known_hosts.present'],
    },
  },
]
