import type { Case } from './case.ts'

/** PostgreSQL and InfluxDB. */
export const DATABASES: readonly Case[] = [
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
