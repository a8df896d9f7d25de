import { isDeepStrictEqual } from 'node:util'
import type { Lab } from '../hosts/lab.ts'
import { everyDamage, type Damage } from './damage.ts'
import { MASTER } from './hosts.ts'
import { damageAndMend, type Mending } from './mending.ts'
import { chunksOf } from './reports.ts'

/** Does every damage there is to these hosts, one after another; gives how many were not mended as they should be. */
export async function damageEverything(
  lab: Lab,
  hosts: readonly string[],
  show: (line: string) => void,
): Promise<number> {
  const master = lab.host(MASTER)
  let wrong = 0
  for (const name of hosts) {
    for (const damage of everyDamage(await chunksOf(master, name))) {
      const mending = await damageAndMend(master, lab.host(name), damage)
      const right = isDeepStrictEqual(mending, expected(damage))
      show(`${right ? 'ok   ' : 'WRONG'}  ${name}: ${damage.line}`)
      if (right) continue
      wrong += 1
      show(JSON.stringify({ expected: damage.mends, ...mending }, null, 2))
    }
  }
  return wrong
}

function expected({ mends }: Damage): Mending {
  return { planned: mends, changed: mends, failed: [], left: [] }
}
