/** What the machine of an example must have for it to do something. Its paths lie below a folder of the test. */
export interface Prepared {
  /** Files of the machine, by path. A folder ends with a slash. */
  readonly machine?: Readonly<Record<string, string>>
  /** Files of the sources, by path. */
  readonly sources?: Readonly<Record<string, string>>
  /** A shell line, run in the folder, for what is more than a file. */
  readonly before?: string
  /** Words of the example that stand for something of the test: an address on the web for one in the folder. */
  readonly stands?: Readonly<Record<string, string>>
  /** It shows a failure. */
  readonly fails?: true
  /** It shows a change, every time. */
  readonly changesAgain?: true
  /** It finds all as it should be. */
  readonly changesNothing?: true
}

/** The states whose examples an ordinary user can run below a folder. */
export const IN_A_FOLDER: Readonly<Record<string, Prepared>> = {
  'archive.extracted': {
    before: 'mkdir samtools-1.20 && touch samtools-1.20/Makefile && tar -czf samtools.tar.gz samtools-1.20',
    stands: {
      'https://example.org/samtools-1.20.tar.gz': '{ROOT}/samtools.tar.gz',
      '        - source_hash: sha256=0e5cbb6a4bb5a2b2a3bd2d3ccb1c8e3f6e4bd8d8a87bb3a8c2b6a4f0a2b1c3d4\n': '',
    },
  },
  'cmd.run': { machine: { '/data/reference/genome.fa': '>chr1\nACGT\n' } },
  'cmd.wait': { machine: { '/etc/': '', '/var/log/': '' } },
  'cmd.script': {
    machine: { '/var/lib/kapacitor/': '' },
    sources: { 'states/kapacitor/files/register.sh': '#!/bin/sh\necho "$1" > {ROOT}/var/lib/kapacitor/.registered\n' },
  },
  'file.managed': { machine: { '/etc/': '' } },
  'file.directory': {},
  'file.absent': { machine: { '/etc/nginx/sites-enabled/default': '' } },
  'file.symlink': {},
  'file.recurse': {
    machine: { '/etc/consul.d/checks/old.json': '{}' },
    sources: { 'states/consul/files/checks/disk.json': '{}', 'states/consul/files/checks/more/load.json': '{}' },
  },
  'file.append': { machine: { '/etc/security/limits.conf': '# none\n' } },
  'file.prepend': { machine: { '/etc/resolv.conf': 'nameserver 10.0.0.2\n' } },
  'file.replace': { machine: { '/etc/ssh/sshd_config': '#PermitRootLogin prohibit-password\n' } },
  'file.line': { machine: { '/etc/fstab': '# scratch\n' } },
  'file.blockreplace': { machine: { '/etc/hosts': '127.0.0.1 localhost\n' } },
  'file.keyvalue': { machine: { '/etc/postgresql/15/main/postgresql.conf': "#listen_addresses = 'localhost'\n" } },
  'file.copy': { machine: { '/etc/postgresql/15/main/postgresql.conf': 'port = 5432\n' } },
  'file.touch': {},
  'file.comment': { machine: { '/etc/fstab': '/dev/sdb1 /data ext4 defaults 0 2\n' } },
  'file.uncomment': { machine: { '/etc/fstab': '#/dev/sdb1 /data ext4 defaults 0 2\n' } },
  'file.rename': { machine: { '/etc/butler/minion.yaml': 'a', '/etc/butler/minion.yaml.new': 'b' } },
  'file.missing': { changesNothing: true },
  'file.exists': { machine: { '/etc/ssl/private/cluster.key': '' }, changesNothing: true },
  'git.latest': {
    before:
      'git init -q -b main remote && cd remote && git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m first',
    stands: { 'https://example.org/butler-workflows.git': '{ROOT}/remote' },
  },
  'git.cloned': {
    before:
      'git init -q -b main remote && cd remote && git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m first',
    stands: { 'https://example.org/butler-workflows.git': '{ROOT}/remote' },
  },
  'file.serialize': { machine: { '/etc/docker/daemon.json': '{"debug": true}\n' } },
  'test.nop': { changesNothing: true },
  'test.succeed_without_changes': { changesNothing: true },
  'test.succeed_with_changes': { changesAgain: true },
  'test.fail_without_changes': { fails: true },
  'test.fail_with_changes': { fails: true },
  'test.configurable_test_state': { fails: true },
  'test.show_notification': { changesNothing: true },
  'x509.private_key_managed': { machine: { '/etc/rabbitmq/': '' } },
}

/**
 * What a folder can't hold: packages, services, accounts, servers. Here these are planned; test/hosts/cases/examples.ts
 * runs those that a machine alone can do.
 */
export const ON_A_HOST =
  /^(airflow(_\w+)?|alternatives|blockdev|consul(_\w+)?|cron|firewall|grafana_\w+|group|host|hostname|http|influxdb_\w+|kmod|locale|mount|pip|pkg|pkgrepo|postgres_\w+|rabbitmq_\w+|selinux|service|ssh_auth|ssh_known_hosts|sudoers|sysctl|timezone|user|virtualenv)\.|^x509\.c/u

/** The subjects whose execution functions answer on any machine. */
export const ANYWHERE = /^(cmd|disk|file|grains|network|pillar|status|test)\./u

/** The example with its machine's paths below a folder, and whoever runs the test as its user. */
export function placed(example: string, root: string, me: { user: string; group: string }): string {
  return example
    .replaceAll(/(?<![\w.:/-])\/(?=(?:data|etc|opt|srv|usr|var)\b)/gu, `${root}/`)
    .replaceAll(/^(\s+- user:) .*$/gmu, `$1 ${me.user}`)
    .replaceAll(/^(\s+- group:) .*$/gmu, `$1 ${me.group}`)
}
