// `npm run dashboards`: writes the dashboards that states/grafana brings to its machine.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT } from '../bundle.ts'
import { DASHBOARDS, FOLDER } from './all.ts'

for (const [file, build] of Object.entries(DASHBOARDS)) {
  await writeFile(join(PROJECT, FOLDER, file), `${JSON.stringify(build(), null, 2)}\n`)
}
