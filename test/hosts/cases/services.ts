import type { Case } from './case.ts'

/** PostgreSQL, RabbitMQ, Consul and Python. */
export const SERVICES: readonly Case[] = [
  {
    title: 'databases and their users',
    covers: ['postgres_user.present', 'postgres_database.present'],
    before: 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql-15',
    states: `
librarian:
  postgres_user.present:
    - password: correct-horse
    - createdb: true
books:
  postgres_database.present:
    - owner: librarian
    - encoding: UTF8
    - template: template0
    - require: [{ postgres_user: librarian }]
`,
    damage: {
      "cd /; runuser -u postgres -- psql -qc 'drop database books'": ['books postgres_database.present'],
      "cd /; runuser -u postgres -- psql -qc 'alter role librarian nocreatedb'": ['librarian postgres_user.present'],
      'cd /; runuser -u postgres -- psql -qc "alter role librarian password \'other\'"': [
        'librarian postgres_user.present',
      ],
    },
  },
  {
    title: 'an extension of a database',
    covers: ['postgres_extension.present'],
    states: `
hstore:
  postgres_extension.present:
    - maintenance_db: books
`,
    damage: {
      "cd /; runuser -u postgres -- psql -qc 'drop extension hstore' books": ['hstore postgres_extension.present'],
    },
  },
  {
    title: 'schemas, tablespaces and privileges',
    covers: [
      'postgres_schema.present',
      'postgres_schema.absent',
      'postgres_tablespace.present',
      'postgres_privileges.present',
      'postgres_privileges.absent',
    ],
    before: [
      'install -d -o postgres -g postgres -m 700 /srv/space',
      "cd / && runuser -u postgres -- psql -qc 'create role reader login'",
      "runuser -u postgres -- psql -qc 'create table shelf (id integer); create schema old; grant create on schema public to reader' books",
    ].join(' && '),
    states: `
reports:
  postgres_schema.present:
    - dbname: books
    - owner: librarian
old:
  postgres_schema.absent:
    - dbname: books
space:
  postgres_tablespace.present:
    - directory: /srv/space
    - owner: librarian
reader reads tables:
  postgres_privileges.present:
    - name: reader
    - object_name: ALL
    - object_type: table
    - privileges: [select]
    - maintenance_db: books
reader uses a schema:
  postgres_privileges.present:
    - name: reader
    - object_name: reports
    - object_type: schema
    - grant_option: true
    - maintenance_db: books
    - require: [{ postgres_schema: reports }]
reader makes nothing:
  postgres_privileges.absent:
    - name: reader
    - object_name: public
    - object_type: schema
    - privileges: [CREATE]
    - maintenance_db: books
`,
    damage: {
      "cd /; runuser -u postgres -- psql -qc 'alter schema reports owner to postgres; create schema old' books": [
        'reports postgres_schema.present',
        'old postgres_schema.absent',
      ],
      "cd /; runuser -u postgres -- psql -qc 'drop tablespace space'": ['space postgres_tablespace.present'],
      "cd /; runuser -u postgres -- psql -qc 'revoke select on shelf from reader; grant create on schema public to reader' books":
        ['reader reads tables postgres_privileges.present', 'reader makes nothing postgres_privileges.absent'],
      "cd /; runuser -u postgres -- psql -qc 'revoke grant option for usage on schema reports from reader' books": [
        'reader uses a schema postgres_privileges.present',
      ],
    },
  },
  {
    title: 'databases and users are not there',
    covers: ['postgres_database.absent', 'postgres_user.absent'],
    before: "cd / && runuser -u postgres -- psql -qc 'drop tablespace if exists space'",
    states: `
books:
  postgres_database.absent: []
librarian:
  postgres_user.absent:
    - require: [{ postgres_database: books }]
`,
    damage: {
      'cd /; runuser -u postgres -- createdb books': ['books postgres_database.absent'],
      'cd /; runuser -u postgres -- createuser librarian': ['librarian postgres_user.absent'],
    },
  },
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
  {
    title: 'databases, users and retention policies of InfluxDB',
    covers: ['influxdb_database.present', 'influxdb_user.present', 'influxdb_retention_policy.present'],
    // As a server that asks for passwords, and has no user yet.
    before: [
      'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends influxdb curl',
      "sed -i 's/^ *#* *auth-enabled = .*/  auth-enabled = true/' /etc/influxdb/influxdb.conf",
      'systemctl restart influxdb',
      'until curl -sf http://127.0.0.1:8086/ping; do sleep 0.2; done',
    ].join(' && '),
    states: `
root:
  influxdb_user.present:
    - password: not-a-secret-here
    - is_admin: true
    - admin: root
    - admin_password: not-a-secret-here
metrics:
  influxdb_database.present:
    - admin: root
    - admin_password: not-a-secret-here
    - require: [{ influxdb_user: root }]
a-month:
  influxdb_retention_policy.present:
    - database: metrics
    - duration: 30d
    - default: true
    - admin: root
    - admin_password: not-a-secret-here
    - require: [{ influxdb_database: metrics }]
reader:
  influxdb_user.present:
    - password: reads
    - grants: { metrics: READ }
    - admin: root
    - admin_password: not-a-secret-here
    - require: [{ influxdb_database: metrics }]
`,
    damage: {
      [influx('DROP DATABASE metrics')]: [
        'metrics influxdb_database.present',
        'a-month influxdb_retention_policy.present',
        'reader influxdb_user.present',
      ],
      [influx('ALTER RETENTION POLICY \\"a-month\\" ON metrics DURATION 1d')]: [
        'a-month influxdb_retention_policy.present',
      ],
      [influx("SET PASSWORD FOR reader = 'other'")]: ['reader influxdb_user.present'],
      [influx('GRANT ALL ON metrics TO reader')]: ['reader influxdb_user.present'],
    },
  },
  {
    title: 'databases and users of InfluxDB that are not there',
    covers: ['influxdb_database.absent', 'influxdb_user.absent'],
    states: `
reader:
  influxdb_user.absent:
    - admin: root
    - admin_password: not-a-secret-here
metrics:
  influxdb_database.absent:
    - admin: root
    - admin_password: not-a-secret-here
`,
    damage: {
      [influx("CREATE USER reader WITH PASSWORD 'x'")]: ['reader influxdb_user.absent'],
      [influx('CREATE DATABASE metrics')]: ['metrics influxdb_database.absent'],
    },
  },
]

/** A shell line that changes InfluxDB as its administrator. */
function influx(statement: string): string {
  return `curl -sS -u root:not-a-secret-here --data-urlencode "q=${statement}" http://127.0.0.1:8086/query`
}
