import { setTimeout as wait } from 'node:timers/promises'
import { hasVariable, isAlive, processes, processStart, type Process } from './process.ts'

/** Set for everything that a job starts: its jid. */
export const JID_VARIABLE = 'BUTLER_JID'

/** How often we look again for processes that were being born while we killed their parents. */
const ROUNDS = 50

/** The time of the boot is given in whole seconds, so process times are no better. */
const CLOCK_ERROR_MS = 1000

/**
 * Ends a job's process and what it has in flight: its group, its descendants, and what has left both but carries the
 * job's jid and began at or after `since`. A service that an earlier chunk started is older, and is meant to stay.
 * Resolves when none of them is left.
 */
export async function killJob(jid: string, leader: { pid: number; began: string }, since: Date): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const alive = isAlive(leader)
    const others = membersOf(jid, alive ? leader.pid : undefined, since)
    if (!alive && others.length === 0) return
    // The group by one call, so that nothing in it can be born between two kills.
    if (alive) signalQuietly(-leader.pid, 'SIGKILL')
    if (alive) signalQuietly(leader.pid, 'SIGKILL')
    for (const { pid, began } of others) if (processStart(pid) === began) signalQuietly(pid, 'SIGKILL')
    await wait(20)
  }
}

export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone already, which is what we wanted.
  }
}

function membersOf(jid: string, leader: number | undefined, since: Date): Process[] {
  const own = process.pid
  const all = processes()
  const family = new Set(leader === undefined ? [] : [leader])
  for (let size = -1; size !== family.size;) {
    size = family.size
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid)
  }
  const inFlight = (process: Process): boolean =>
    process.pid !== own &&
    process.beganMs >= since.getTime() - CLOCK_ERROR_MS &&
    hasVariable(process.pid, JID_VARIABLE, jid)
  return all.filter((process) => family.has(process.pid) || inFlight(process))
}
