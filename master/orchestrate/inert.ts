import { setTimeout as sleep } from 'node:timers/promises'
import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import type { Host } from '../../core/module/host.ts'
import type { Machine } from '../../core/run/machine.ts'

/** The machine of an orchestration: there is none. Its steps reach the fleet; nothing is read or run on the master. */
export function inertMachine(pillar: DataMap): Machine {
  const host = inertHost(pillar)
  return {
    host: () => host,
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: async (milliseconds, signal) => {
      await sleep(milliseconds, undefined, { signal }).catch(() => {})
    },
  }
}

function inertHost(pillar: DataMap): Host {
  return {
    grains: { id: 'master' },
    pillar,
    read: nothing,
    stat: nothing,
    list: nothing,
    fetch: nothing,
    tree: nothing,
    ca: nothing,
    certify: nothing,
    fact: nothing,
    query: nothing,
    shell: nothing,
    missing: () => {},
    write: nothing,
    append: nothing,
    mkdir: nothing,
    symlink: nothing,
    rename: nothing,
    remove: nothing,
    chmod: nothing,
    chown: nothing,
    touch: nothing,
    run: nothing,
  }
}

async function nothing(): Promise<never> {
  throw new UserError('no-machine', 'An orchestration runs on no machine: it can only say what minions are to do.', {
    hint: 'Put guards and files into a state file, and apply that with fleet.apply.',
  })
}
