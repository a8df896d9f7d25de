import { setTimeout as wait } from 'node:timers/promises'
import type { DebianHost } from '../hosts/host.ts'
import type { Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { MASTER } from './hosts.ts'

/** Something that goes wrong on a host, and what `validate` says of it. */
export interface Fault {
  host: string
  /** A shell line that makes it, and one that takes it back. */
  make: string
  mend: string
  /** How long it takes until it can be seen, in seconds. */
  after?: number
  /** The lines that turn red. */
  red: readonly string[]
  /** Lines that may turn red too, sooner or later: who asks what is not there does not find it. */
  also?: readonly string[]
}

const LEADER = 'consul has a leader'
const MEMBERS = "all of consul's members are alive"
const UNHEALTHY = 'consul finds no service unhealthy'
const NAMES = 'the names of the services resolve on every host'
const WORKERS_TAKE = 'workers take tasks from the job queue'
const METRICS = 'the metrics of every host arrive'
const TEST_RUN = 'a test workflow runs to its end'
const API = "airflow's API answers and its scheduler lives"

function psql(database: string, sql: string): string {
  return `cd / && runuser -u postgres -- psql -qX ${database} -c "${sql}"`
}

function stopped(host: string, unit: string, red: readonly string[], more: Partial<Fault> = {}): Fault {
  return { host, make: `systemctl stop ${unit}`, mend: `systemctl start ${unit}`, red, ...more }
}

/** Drops packets that leave the host, by a table of its own. */
function cut(host: string, rule: string, red: readonly string[], after: number): Fault {
  const make = `nft -f - <<'END'\ntable inet fault { chain output { type filter hook output priority 0; ${rule} drop; }; }\nEND`
  return { host, make, mend: 'nft delete table inet fault', red, after }
}

const MEND_JOB_QUEUE = 'butler-call highstate'

/** For each line of `validate` at least one that turns it red. */
export const FAULTS: readonly Fault[] = [
  stopped('worker-2', 'butler-minion', [
    'every minion answers',
    LEADER,
    MEMBERS,
    NAMES,
    "airflow's workers stay up",
    'collectd stays up',
  ]),
  // The test's task may be given to this worker, which finds nobody then.
  // An agent that is stopped takes its leave.
  stopped('worker-1', 'consul', [LEADER, MEMBERS, NAMES], { after: 15, also: [TEST_RUN] }),
  stopped('worker-1', 'dnsmasq', [NAMES], { also: [TEST_RUN] }),
  {
    host: 'worker-1',
    // Whoever registers a check needs the token of the machine's agent.
    make: String.raw`token=$(sed -n 's/.*"agent": "\(.*\)",/\1/p' /etc/consul.d/butler.json); echo '{"check":{"name":"fault","token":"'$token'","http":"http://127.0.0.1:1/","interval":"1s"}}' > /etc/consul.d/fault.json; systemctl reload consul`,
    mend: 'rm /etc/consul.d/fault.json; systemctl reload consul',
    after: 3,
    red: [UNHEALTHY],
  },
  {
    host: 'db-server',
    make: psql('postgres', 'alter database grafana rename to away'),
    mend: psql('postgres', 'alter database away rename to grafana'),
    red: ['the databases are there'],
  },
  {
    host: 'db-server',
    make: psql('airflow', 'alter table alembic_version rename to away'),
    mend: psql('airflow', 'alter table away rename to alembic_version'),
    red: ["airflow's tables are there"],
  },
  stopped(
    'db-server',
    'postgresql@15-main',
    ['the databases are there', "airflow's tables are there", 'postgresql stays up', TEST_RUN],
    {
      also: [
        UNHEALTHY,
        NAMES,
        API,
        "airflow's pages answer",
        "airflow's webserver stays up",
        "airflow's scheduler stays up",
        "airflow's dag-processor stays up",
        'the tracker answers, and so does its database',
        'the tracker stays up',
      ],
    },
  ),
  {
    host: 'job-queue',
    make: 'rabbitmqctl -q delete_user butler',
    mend: MEND_JOB_QUEUE,
    red: ['the job queue has its users'],
    // Workers that it refuses end, and are started again.
    also: [WORKERS_TAKE, "airflow's workers stay up", TEST_RUN],
  },
  {
    host: 'job-queue',
    make: 'rabbitmqctl -q delete_vhost butler_vhost',
    mend: MEND_JOB_QUEUE,
    red: ['the job queue has its virtual host', WORKERS_TAKE, TEST_RUN],
    also: [UNHEALTHY, NAMES, "airflow's workers stay up"],
  },
  {
    host: 'job-queue',
    make: 'rabbitmq-plugins -q disable rabbitmq_management',
    mend: 'rabbitmq-plugins -q enable rabbitmq_management',
    red: ["the job queue's pages answer"],
    // By its API the health check of the job queue asks.
    also: [UNHEALTHY, NAMES],
  },
  stopped(
    'job-queue',
    'rabbitmq-server',
    [
      'the job queue has its users',
      'the job queue has its virtual host',
      WORKERS_TAKE,
      "the job queue's pages answer",
      'rabbitmq stays up',
      TEST_RUN,
    ],
    { also: [UNHEALTHY, NAMES, "airflow's workers stay up"] },
  ),
  stopped('worker-1', 'airflow-worker', ["airflow's workers stay up"]),
  stopped('tracker', 'airflow-flower', ["flower's pages answer", "airflow's flower stays up"]),
  stopped('tracker', 'airflow-dag-processor', ["airflow's dag-processor stays up"]),
  // Its heart is believed to beat for half a minute.
  stopped('tracker', 'airflow-scheduler', ["airflow's scheduler stays up", TEST_RUN], { also: [API] }),
  stopped('tracker', 'airflow-webserver', [API, "airflow's pages answer", "airflow's webserver stays up", TEST_RUN], {
    also: [UNHEALTHY, NAMES],
  }),
  stopped(
    'tracker',
    'butler-tracker',
    ['the tracker answers, and so does its database', 'the tracker stays up', TEST_RUN],
    {
      also: [UNHEALTHY, NAMES],
    },
  ),
  {
    host: 'tracker',
    make: 'airflow dags pause -y --treat-dag-id-as-regex ^test-',
    mend: 'airflow dags unpause -y --treat-dag-id-as-regex ^test-',
    red: [TEST_RUN],
  },
  stopped('worker-2', 'collectd', ['collectd stays up']),
  cut('worker-2', 'udp dport 25826', [METRICS], 75),
  stopped('master', 'influxdb', [METRICS, 'influxdb stays up'], { also: [UNHEALTHY, NAMES] }),
]

export interface Seen {
  /** The lines that should be red and are not. */
  missed: string[]
  /** The lines that are red and should not be. */
  surplus: string[]
}

/** Makes the fault, asks `validate`, takes it back, and waits until all is well again. */
export async function makeFault(lab: Lab, { host, make, mend, after = 0, red, also = [] }: Fault): Promise<Seen> {
  const master = lab.host(MASTER)
  await lab.host(host).sh(make)
  await wait(after * 1000)
  const { failed } = await linesOf(master)
  await lab.host(host).sh(mend)
  await until('all to be well again', async () => (await linesOf(master)).failed.length === 0, {
    timeoutMs: 300_000,
    everyMs: 2000,
  })
  return {
    missed: red.filter((line) => !failed.includes(line)),
    surplus: failed.filter((line) => !red.includes(line) && !also.includes(line)),
  }
}

/** Makes all faults that match, one after the other; gives how many were not seen as they should be. */
export async function makeEveryFault(lab: Lab, only: RegExp, show: (line: string) => void): Promise<number> {
  const { deployed } = await linesOf(lab.host(MASTER))
  const never = deployed.filter((line) => !FAULTS.some(({ red }) => red.includes(line)))
  for (const line of never) show(`WRONG  nothing turns this red: ${line}`)
  let wrong = never.length
  for (const fault of FAULTS.filter(({ host, make }) => only.test(`${host}: ${make}`))) {
    const { missed, surplus } = await makeFault(lab, fault)
    const isRight = missed.length === 0 && surplus.length === 0
    show(`${isRight ? 'ok   ' : 'WRONG'}  ${fault.host}: ${fault.make}`)
    for (const line of missed) show(`       not red: ${line}`)
    for (const line of surplus) show(`       red too: ${line}`)
    if (!isRight) wrong += 1
  }
  return wrong
}

/** The lines of `validate` about what is deployed, and which of them are red. */
export async function linesOf(master: DebianHost): Promise<{ deployed: string[]; failed: string[] }> {
  const { stdout } = await master.run(['butler-master', 'validate'])
  const lines = [...stdout.matchAll(/^(ok|FAILED) +(.+?)(?: \([\d. ms]+\))?$/gmu)]
  return {
    deployed: lines.map(([, , line = '']) => line),
    failed: lines.filter(([, verdict]) => verdict === 'FAILED').map(([, , line = '']) => line),
  }
}
