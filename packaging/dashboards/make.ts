// `npm run dashboards`: writes the dashboards that states/grafana brings to its machine.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT } from '../bundle.ts'
import { hosts } from './hosts.ts'

const FOLDER = 'states/grafana/files/dashboards'

await writeFile(join(PROJECT, FOLDER, 'hosts.json'), `${JSON.stringify(hosts(), null, 2)}\n`)
