import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout } from '../../core/cli/layout.ts'
import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { writeWhole } from '../spool/durable.ts'

/** What `minion.yaml` says, defaults filled in. */
export interface MinionConfig {
  /** Given only to hold against the certificate, and as the name to enrol with; else that is the host's. */
  id: string | undefined
  /** `undefined` until the minion has been told; only what needs no master works until then. */
  master: Address | undefined
  /** SHA-256 of the CA's certificate, in hex; needed to enrol. */
  caFingerprint: string | undefined
  /** The only folder in which states and functions may write. */
  confine: string | undefined
  /** More grains, over those that are found. */
  grains: DataMap
}

export interface Address {
  host: string
  port: number
}

export const DEFAULT_PORT = 4510

export function configFile(layout: Layout): string {
  return join(layout.config, 'minion.yaml')
}

/**
 * Reads `minion.yaml`; without one all defaults hold. The agent stays small because it does not load a YAML library: the
 * parsed copy in the cache is used while the file's digest is the same.
 */
export async function readConfig(layout: Layout): Promise<MinionConfig> {
  const text = readText(configFile(layout))
  const digest = createHash('sha256').update(`1\n${text}`).digest('hex')
  const file = join(layout.cache, 'minion.json')
  const copy = readCopy(file)
  const settings = copy?.digest === digest ? copy.settings : await parse(text, layout)
  if (copy?.digest !== digest) keepCopy(file, { digest, settings })
  return withDefaults(settings)
}

/** `host`, `host:port` or `[address]:port`. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:\s/]+))(?::(?<port>\d{1,5}))?$/u.exec(text.trim())
  const host = match?.groups?.['six'] ?? match?.groups?.['host']
  const port = Number(match?.groups?.['port'] ?? DEFAULT_PORT)
  if (host === undefined || port < 1 || port > 65_535) {
    throw new UserError('bad-address', `'${text}' is no address of a master.`, {
      hint: `Write it as host, host:${DEFAULT_PORT} or [2001:db8::1]:${DEFAULT_PORT}.`,
    })
  }
  return { host, port }
}

export function formatAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The settings as they stand in the file, checked. */
export interface Settings {
  id?: string | undefined
  master?: string | undefined
  ca_fingerprint?: string | undefined
  confine?: string | undefined
  grains?: DataMap | undefined
}

async function parse(text: string, layout: Layout): Promise<Settings> {
  const { parseSettings } = await import('./settings.ts')
  return parseSettings(text, configFile(layout))
}

function withDefaults(settings: Settings): MinionConfig {
  return {
    id: settings.id,
    master: settings.master === undefined ? undefined : parseAddress(settings.master),
    caFingerprint: settings.ca_fingerprint,
    confine: settings.confine,
    grains: settings.grains ?? {},
  }
}

function readCopy(file: string): { digest: string; settings: Settings } | undefined {
  try {
    // Our own file; one of another shape has another digest, since its version is part of it.
    return JSON.parse(readFileSync(file, 'utf8')) as { digest: string; settings: Settings }
  } catch {
    return undefined
  }
}

function keepCopy(file: string, copy: { digest: string; settings: Settings }): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeWhole(file, JSON.stringify(copy))
  } catch {
    // An ordinary user who only asks, or a full disk: the next start parses it again.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new UserError('config-unreadable', `${file} can't be read: ${String(error)}.`, { cause: error })
  }
}
