import type { Case } from './case.ts'

/** Tokens of Consul: who may do everything, and two that are to be there. */
const ADMIN = '7e8d1a2b-3c4d-4e5f-8a6b-9c0d1e2f3a4b'
const REGISTERS = '2c3d4e5f-6071-4829-93a4-b5c6d7e8f901'
const AGENT = '1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9'

/** RabbitMQ, Consul, Python and keys. */
export const SERVICES: readonly Case[] = [
  {
    title: 'users, virtual hosts, policies and plugins of RabbitMQ',
    covers: ['rabbitmq_user.present', 'rabbitmq_vhost.present', 'rabbitmq_policy.present', 'rabbitmq_plugin.enabled'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends rabbitmq-server',
    states: `
rabbitmq_management:
  rabbitmq_plugin.enabled: []
butler_vhost:
  rabbitmq_vhost.present: []
butler:
  rabbitmq_user.present:
    - password: not-a-secret-here
    - tags: [administrator]
    - perms:
        - butler_vhost: ['.*', '.*', '.*']
    - require: [{ rabbitmq_vhost: butler_vhost }]
short-lived:
  rabbitmq_policy.present:
    - vhost: butler_vhost
    - pattern: '^celeryev'
    - definition: { expires: 60000 }
    - require: [{ rabbitmq_vhost: butler_vhost }]
`,
    damage: {
      'rabbitmqctl -q delete_user butler && rabbitmqctl -q clear_policy -p butler_vhost short-lived': [
        'butler rabbitmq_user.present',
        'short-lived rabbitmq_policy.present',
      ],
      'rabbitmq-plugins -q disable rabbitmq_management': ['rabbitmq_management rabbitmq_plugin.enabled'],
    },
  },
  {
    title: 'users, virtual hosts, policies and plugins of RabbitMQ that are not there',
    covers: ['rabbitmq_user.absent', 'rabbitmq_vhost.absent', 'rabbitmq_policy.absent', 'rabbitmq_plugin.disabled'],
    states: `
rabbitmq_management:
  rabbitmq_plugin.disabled: []
guest:
  rabbitmq_user.absent: []
short-lived:
  rabbitmq_policy.absent:
    - vhost: butler_vhost
old_vhost:
  rabbitmq_vhost.absent: []
`,
    damage: {
      'rabbitmqctl -q add_vhost old_vhost && rabbitmqctl -q add_user guest guest': [
        'guest rabbitmq_user.absent',
        'old_vhost rabbitmq_vhost.absent',
      ],
      'rabbitmq-plugins -q enable rabbitmq_management': ['rabbitmq_management rabbitmq_plugin.disabled'],
      [`rabbitmqctl -q set_policy -p butler_vhost short-lived '^a' '{"expires":1000}'`]: [
        'short-lived rabbitmq_policy.absent',
      ],
    },
  },
  {
    title: 'a service in Consul, and one that is not',
    covers: ['consul.service_registered', 'consul.service_absent'],
    // Consul is not in this release: from the one before, and nothing else of it. A server of its own, with nothing kept.
    before: [
      'mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE "https?://[^ ]+" | head -n 1)',
      'echo "deb $mirror bullseye main" > /etc/apt/sources.list.d/consul.list',
      'printf "Package: *\\nPin: release n=bullseye\\nPin-Priority: 100\\n" > /etc/apt/preferences.d/consul',
      'apt-get update -q',
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends consul',
      'systemctl stop consul',
      'systemd-run --unit=consul-dev consul agent -dev -config-dir=/etc/consul.d',
      'until consul members; do sleep 0.2; done',
      'for name in old other; do echo "{\\"service\\":{\\"name\\":\\"$name\\",\\"port\\":1}}" > /etc/consul.d/$name.json; done',
      'consul reload',
    ].join(' && '),
    states: `
postgresql:
  consul.service_registered:
    - port: 5432
    - checks:
        - name: accepts connections
          tcp: 127.0.0.1:5432
          interval: 5s
          timeout: 2s
old:
  consul.service_absent: []
`,
    damage: {
      'rm /etc/consul.d/postgresql.json && consul reload': ['postgresql consul.service_registered'],
      'sed -i s/5432/5433/ /etc/consul.d/postgresql.json && consul reload': ['postgresql consul.service_registered'],
      'cp /etc/consul.d/other.json /etc/consul.d/old.json && sed -i s/other/old/ /etc/consul.d/old.json && consul reload':
        ['old consul.service_absent'],
    },
  },
  {
    title: 'policies and tokens of Consul',
    covers: ['consul_policy.present', 'consul_token.present'],
    // The agent of the case before, now with access control.
    before: [
      `echo '{"acl":{"enabled":true,"default_policy":"deny","tokens":{"master":"${ADMIN}","default":"${REGISTERS}"}}}' > /etc/consul.d/acl.json`,
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends curl',
      'systemctl restart consul-dev || systemctl stop consul-dev',
      'systemctl is-active consul-dev || systemd-run --unit=consul-dev consul agent -dev -config-dir=/etc/consul.d',
      `until ${consulAs('acl token list')}; do sleep 0.2; done`,
    ].join(' && '),
    states: `
reads:
  consul_policy.present:
    - rules: |
        node_prefix "" { policy = "read" }
    - admin_token: ${ADMIN}
agent of db-server:
  consul_token.present:
    - secret: ${AGENT}
    - policies: [reads]
    - admin_token: ${ADMIN}
    - require: [{ consul_policy: reads }]
`,
    damage: {
      [consulAs('acl policy delete -name reads')]: [
        'reads consul_policy.present',
        'agent of db-server consul_token.present',
      ],
      [consulAs(`acl policy update -name reads -rules 'node_prefix "" { policy = "write" }'`)]: [
        'reads consul_policy.present',
      ],
      [`${consulAs('acl policy create -name more')}; ${consulAs(`acl token update -id $(${idOf(AGENT)}) -policy-name more -merge-policies`)}`]:
        ['agent of db-server consul_token.present'],
      [consulAs(`acl token delete -id $(${idOf(AGENT)})`)]: ['agent of db-server consul_token.present'],
    },
  },
  {
    title: 'a service in Consul, where that takes a token',
    covers: [],
    states: `
registers:
  consul_policy.present:
    - rules: |
        agent_prefix "" { policy = "write" }
        node_prefix "" { policy = "write" }
        service_prefix "" { policy = "write" }
    - admin_token: ${ADMIN}
  consul_token.present:
    - secret: ${REGISTERS}
    - policies: [registers]
    - admin_token: ${ADMIN}
    - require: [{ consul_policy: registers }]
redis:
  consul.service_registered:
    - port: 6379
    - token: ${REGISTERS}
    - require: [{ consul_token: registers }]
`,
    damage: {},
  },
  {
    title: 'policies and tokens of Consul that are not there',
    covers: ['consul_policy.absent', 'consul_token.absent'],
    before: consulAs('acl policy create -name old'),
    states: `
old:
  consul_policy.absent:
    - admin_token: ${ADMIN}
agent of worker-9:
  consul_token.absent:
    - admin_token: ${ADMIN}
`,
    damage: {
      [consulAs('acl policy create -name old')]: ['old consul_policy.absent'],
      [consulAs('acl token create -policy-name global-management -description "agent of worker-9"')]: [
        'agent of worker-9 consul_token.absent',
      ],
    },
  },
  {
    title: 'a virtual environment and its packages',
    covers: ['virtualenv.managed', 'pip.installed', 'pip.removed'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3-venv',
    states: `
/opt/venv:
  virtualenv.managed: []
six:
  pip.installed:
    - name: six==1.16.0
    - bin_env: /opt/venv
    - require: [{ virtualenv: /opt/venv }]
idna:
  pip.removed:
    - bin_env: /opt/venv
    - require: [{ virtualenv: /opt/venv }]
`,
    damage: {
      '/opt/venv/bin/pip uninstall -q -y six': ['six pip.installed'],
      '/opt/venv/bin/pip install -q six==1.15.0': ['six pip.installed'],
      '/opt/venv/bin/pip install -q idna': ['idna pip.removed'],
      'rm -r /opt/venv': ['/opt/venv virtualenv.managed', 'six pip.installed'],
    },
  },
  {
    title: 'a key that never leaves the machine',
    covers: ['x509.private_key_managed'],
    states: `
/etc/site.key:
  x509.private_key_managed: []
`,
    damage: { 'rm /etc/site.key': ['/etc/site.key x509.private_key_managed'] },
  },
]

/** A shell line that asks or changes Consul as who may do everything. */
function consulAs(words: string, token = ADMIN): string {
  return `CONSUL_HTTP_TOKEN=${token} consul ${words}`
}

/** A shell line that prints by what id a token can be changed. */
function idOf(token: string): string {
  return `${consulAs('acl token read -self', token)} | sed -n 's/^AccessorID: *//p'`
}
