import { catalog } from '../../../modules/catalog.ts'
import type { Case } from './case.ts'

interface OnDebian {
  /** A shell line that prepares the machine. */
  before?: string
  /** Words of the example that stand for something of this machine. */
  stands?: Readonly<Record<string, string>>
}

const INSTALL = 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends'
const AS_POSTGRES = 'cd / && runuser -u postgres --'

/** A timer that the base image leaves alone. */
const TIMER = { 'apt-daily.timer': 'fstrim.timer' }

/** What the examples of the reference need on a Debian machine, in an order in which each finds what it is about. */
const EXAMPLES_OF: Readonly<Record<string, OnDebian>> = {
  'group.present': {},
  'group.absent': { before: 'groupadd -f trainees' },
  'user.present': { before: 'groupadd -f airflow' },
  'user.absent': { before: 'useradd trainee' },
  'host.present': {},
  'host.absent': { before: 'echo 10.0.0.99 old-db-server >> /etc/hosts' },
  'pkg.installed': {},
  'pkg.latest': { before: 'apt-get remove -y -q rabbitmq-server' },
  'pkg.removed': { before: `${INSTALL} telnet` },
  'pkg.purged': { before: `${INSTALL} apache2` },
  'service.running': { before: `${INSTALL} dnsmasq` },
  'service.enabled': { before: `${INSTALL} chrony && systemctl disable chrony` },
  'service.dead': { before: 'systemctl enable --now fstrim.timer', stands: TIMER },
  'service.disabled': { before: 'systemctl enable fstrim.timer', stands: TIMER },
  'service.masked': { before: 'systemctl unmask apt-daily.timer' },
  'service.unmasked': { before: 'systemctl mask apt-daily.timer' },
  'cron.present': { before: `${INSTALL} cron` },
  'cron.absent': {},
  'timezone.system': { before: `${INSTALL} tzdata && ln -sf /usr/share/zoneinfo/Asia/Tokyo /etc/localtime` },
  // A container can't set that one.
  'sysctl.present': {
    before: `${INSTALL} procps`,
    stands: { 'vm.swappiness': 'net.ipv4.tcp_retries2' },
  },
  'alternatives.set': { before: `${INSTALL} nano ed`, stands: { '/usr/bin/vim.basic': '/bin/ed' } },
  'sudoers.present': { before: `${INSTALL} sudo` },
  'sudoers.absent': {},
  'firewall.managed': { before: `${INSTALL} nftables` },
  'postgres_user.present': { stands: { "{{secret 'postgres/butler_admin'}}": 'correct-horse' } },
  'postgres_database.present': {},
  'postgres_extension.present': {},
  'pkg.held': { before: `${INSTALL} postgresql-15` },
  'pkg.unheld': { before: 'apt-mark hold postgresql-15' },
  'hostname.system': {},
  'locale.present': { before: `${INSTALL} locales` },
  'locale.system': { before: 'echo LANG=en_US.UTF-8 > /etc/default/locale' },
  'mount.mounted': {},
  'mount.unmounted': {},
  'ssh_auth.present': {},
  'ssh_auth.absent': {},
  'postgres_schema.present': { stands: { 'owner: butler': 'owner: postgres' } },
  'postgres_schema.absent': { before: `${AS_POSTGRES} psql -qc 'create schema old_reports' run_tracking` },
  'postgres_tablespace.present': {
    before: 'install -d -o postgres /data/run_tracking/db',
    stands: { 'owner: butler': 'owner: postgres' },
  },
  'postgres_privileges.present': {
    before: `${AS_POSTGRES} createuser grafana && runuser -u postgres -- psql -qc 'create table runs (id integer)' run_tracking`,
  },
  'postgres_privileges.absent': {
    before: `${AS_POSTGRES} createuser trainee && runuser -u postgres -- psql -qc 'grant create on database run_tracking to trainee'`,
  },
  'postgres_database.absent': { before: `${AS_POSTGRES} createdb scratch` },
  'postgres_user.absent': { before: `${AS_POSTGRES} psql -qc 'drop role if exists trainee' -c 'create role trainee'` },
}

/** The examples of the reference that a machine without any other can run. */
export const EXAMPLES: readonly Case[] = Object.entries(EXAMPLES_OF).map(([name, { before, stands = {} }]) => ({
  title: `the example of ${name}`,
  covers: [name],
  ...(before === undefined ? {} : { before }),
  states: Object.entries(stands).reduce(
    (text, [word, stand]) => text.replaceAll(word, stand),
    catalog.states.get(name)?.example ?? '',
  ),
  damage: {},
}))
