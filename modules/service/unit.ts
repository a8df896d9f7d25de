import { UserError } from '../../core/errors.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import type { View } from '../../core/module/view.ts'
import { suggest } from '../../core/text/nearest.ts'

/** What systemd says of a unit. */
export interface Unit {
  /** With its ending: `postgresql.service`. */
  readonly name: string
  /** `loaded`, `not-found`, `masked`, `bad-setting` ... */
  readonly load: string
  /** `active`, `inactive`, `failed`, `activating` ... */
  readonly active: string
  /** `running`, `exited`, `dead` ... */
  readonly sub: string
  /** `enabled`, `disabled`, `static`, `masked`, `generated` ...; empty when it can't be said. */
  readonly file: string
  /** Its file has changed since systemd read it. */
  readonly needsReload: boolean
  readonly canReload: boolean
  readonly pid: number
}

const PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'NeedDaemonReload', 'CanReload', 'MainPID']

/** `postgresql` is `postgresql.service`; a name with an ending that systemd knows stays as it is. */
export function unitName(name: string): string {
  return /\.(?:service|socket|timer|target|mount|path|slice|automount|swap|scope|device)$/u.test(name)
    ? name
    : `${name}.service`
}

export function unitFact(name: string): Fact<Unit> {
  const unit = unitName(name)
  return fact({
    name: `unit ${unit}`,
    stale: ['unit', 'package', 'path'],
    async read(view) {
      const words = ['show', '--no-pager', `--property=${PROPERTIES.join(',')}`, '--', unit]
      const { exitCode, stdout, stderr } = await view.query(['systemctl', ...words])
      if (exitCode === 127) throw new UserError('no-systemd', 'This machine has no systemctl: services need systemd.')
      if (exitCode !== 0) throw new UserError('systemctl-failed', `systemctl show ${unit} failed: ${stderr.trim()}`)
      return parseShow(unit, stdout)
    },
  })
}

/** The output of `systemctl show` with our properties. */
export function parseShow(name: string, stdout: string): Unit {
  const said = new Map(
    stdout.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  return {
    name,
    load: said.get('LoadState') ?? '',
    active: said.get('ActiveState') ?? '',
    sub: said.get('SubState') ?? '',
    file: said.get('UnitFileState') ?? '',
    needsReload: said.get('NeedDaemonReload') === 'yes',
    canReload: said.get('CanReload') === 'yes',
    pid: Number(said.get('MainPID') ?? 0),
  }
}

/** The unit, which must exist, unless an earlier change makes it. */
export async function requireUnit(view: View, name: string): Promise<Unit> {
  const unit = await view.fact(unitFact(name))
  if (unit.load !== 'not-found') return unit
  view.missing({ kind: 'unit', name: unit.name })
  throw new UserError('unknown-unit', `The named service ${name} is not available`, {
    hint:
      suggest(unitName(name), await unitNames(view)) ?? `Make ${unit.name} with file.managed, or install its package.`,
  })
}

/** All unit files of this machine. */
export async function unitNames(view: View): Promise<string[]> {
  const { stdout } = await view.query(['systemctl', 'list-unit-files', '--no-legend', '--no-pager', '--plain'])
  return parseUnitFiles(stdout)
}

/** The first column of `systemctl list-unit-files`. */
export function parseUnitFiles(stdout: string): string[] {
  return stdout.split('\n').flatMap((line) => line.trim().split(/\s+/u)[0] || [])
}

export function isActive(unit: Unit): boolean {
  return unit.active === 'active' || unit.active === 'reloading'
}

/** It starts with the machine, or is not of the kind that could be told to. */
export function isEnabled(unit: Unit): boolean {
  return ['enabled', 'enabled-runtime', 'static', 'alias', 'generated', 'indirect', 'transient'].includes(unit.file)
}
