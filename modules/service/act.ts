import { ChangeFailed } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { isActive, type Unit, unitFact } from './unit.ts'

type Verb = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'mask' | 'unmask' | 'reload-or-restart'

/**
 * Tells systemd to do something with a unit, and answers what came of it. systemd reads its unit files first if one
 * of this unit has changed. Throws a `ChangeFailed` with the unit's last words when it did not work.
 */
export async function act(host: Host, verb: Verb, unit: string, words: readonly string[] = []): Promise<Unit> {
  await readUnitFiles(host, unit)
  const { exitCode, stderr, stdout } = await host.run(['systemctl', verb, ...words, '--', unit])
  if (exitCode !== 0) {
    throw new ChangeFailed(
      `systemctl ${verb} ${unit} failed: ${(stderr || stdout).trim()}\n${await lastWords(host, unit)}`,
    )
  }
  return host.fact(unitFact(unit))
}

/** Like `act`, for verbs after which the unit must run: one that dies at once has failed. */
export async function actToRun(host: Host, verb: Verb, unit: string, words: readonly string[] = []): Promise<Unit> {
  const after = await act(host, verb, unit, words)
  if (isActive(after) || after.active === 'activating' || (after.active === 'inactive' && after.sub === 'dead'))
    return after
  throw new ChangeFailed(`${unit} is ${after.active} (${after.sub}) after its ${verb}\n${await lastWords(host, unit)}`)
}

/** `systemctl daemon-reload`, when systemd says that it needs one for this unit. */
export async function readUnitFiles(host: Host, unit: string): Promise<boolean> {
  const { needsReload, load } = await host.fact(unitFact(unit))
  if (!needsReload && load !== 'not-found') return false
  await host.run(['systemctl', 'daemon-reload'], { check: true })
  return true
}

async function lastWords(host: Host, unit: string): Promise<string> {
  const { stdout } = await host.query(['journalctl', '--no-pager', '-q', '-n', '10', '-o', 'cat', '-u', unit])
  return stdout.trimEnd()
}
