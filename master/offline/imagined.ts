import type { Snapshot } from '../../core/compile/snapshot.ts'
import { isMap, mapIn, type Data, type DataMap } from '../../core/data.ts'
import { readMapping } from '../../core/desired/roles.ts'
import { UserError } from '../../core/errors.ts'

/** A minion as it is made believe: what it would say of itself. */
export interface Imagined {
  grains: DataMap
  /** What it would say to the mine, by function. */
  mine: DataMap
}

/** A machine as most are, for templates that ask for what every machine has. */
const DEBIAN: DataMap = {
  kernel: 'Linux',
  os: 'Debian',
  os_family: 'Debian',
  osfullname: 'Debian GNU/Linux',
  osrelease: '12',
  osmajorrelease: 12,
  oscodename: 'bookworm',
  osarch: 'amd64',
  cpuarch: 'x86_64',
  num_cpus: 2,
  mem_total: 4096,
  home: '/root',
}

export function grainsOf(minions: ReadonlyMap<string, Imagined>, id: string): DataMap {
  return { ...DEBIAN, id, host: id, fqdn: id, ...minions.get(id)?.grains }
}

/** For each line of the mapping one that it means: `worker-*` is `worker-1`. */
export function mappedMinions(snapshot: Snapshot, isBroken: boolean): ReadonlyMap<string, Imagined> {
  const globs = isBroken ? [] : readMapping(snapshot).map(({ glob }) => glob)
  const ids = globs.map((glob) => glob.replaceAll(/[*?]/gu, '1').replaceAll(/\[([^\]!^])[^\]]*\]/gu, '$1'))
  // TEST-NET-1 (RFC 5737): addresses that are nobody's.
  return new Map(
    [...new Set(ids)].map((id, index) => [
      id,
      { grains: {}, mine: { 'network.ip_addrs': [`192.0.2.${(index % 254) + 1}`] } },
    ]),
  )
}

export function mineOf(minions: ReadonlyMap<string, Imagined>, alias: string): ReadonlyMap<string, Data> {
  return new Map(
    [...minions].flatMap(([id, { mine }]): [string, Data][] => {
      const value = mine[alias]
      return value === undefined ? [] : [[id, value]]
    }),
  )
}

/** Reads `id: {grains: {...}, mine: {...}}` for each; throws a `UserError`. */
export function imaginedIn(value: Data, file: string): ReadonlyMap<string, Imagined> {
  if (!isMap(value)) {
    throw new UserError('bad-minions-file', `'${file}' must be a map from ids to grains.`, {
      hint: 'Such as `worker-1: {grains: {os: Debian}}`.',
    })
  }
  return new Map(
    Object.entries(value).map(([id, minion]) => [id, { grains: mapIn(minion, 'grains'), mine: mapIn(minion, 'mine') }]),
  )
}
