import type { Handlers, MinionLine } from '../contract.ts'
import type { Connected, Fleet } from '../../fleet/fleet.ts'
import type { Minions } from '../../fleet/minions.ts'
import { installLine, type InstallFolder } from '../../install/install.ts'
import type { Authority } from '../../pki/authority.ts'
import { keyLine, type Keys } from '../../pki/keys.ts'
import type { Tokens } from '../../pki/tokens.ts'

export interface JoiningDeps {
  keys: Keys
  tokens: Tokens
  minions: Minions
  fleet: Fleet
  authority: Authority
  install: InstallFolder
  /** How minions reach this master. */
  host: string
  port: () => number
  /** The roles that the role mapping gives to an id; none while there is no good snapshot. */
  mappedRoles: (id: string) => readonly string[]
}

export type JoiningHandlers = Pick<
  Handlers,
  | 'minions'
  | 'keys.list'
  | 'keys.accept'
  | 'keys.revoke'
  | 'keys.delete'
  | 'tokens.create'
  | 'tokens.list'
  | 'tokens.revoke'
>

/** Who is here and who may be. */
export function joiningHandlers(deps: JoiningDeps): JoiningHandlers {
  const { keys, tokens, minions, mappedRoles } = deps
  return {
    minions: async () => {
      const connected = deps.fleet.connected()
      return keys.ids().map((id) => minionLine(id, connected.get(id), deps))
    },
    'keys.list': async () => (await keys.list()).map((row) => keyLine(row, mappedRoles(row.id))),
    'keys.accept': async ({ id, fingerprint }) => keyLine(await keys.accept(id, fingerprint), mappedRoles(id)),
    'keys.revoke': async ({ id }) => keyLine(await keys.revoke(id), mappedRoles(id)),
    'keys.delete': async ({ id }) => {
      await keys.delete(id)
      await minions.forget(id)
      return {}
    },
    'tokens.create': async (input) => {
      const made = await tokens.create(input)
      const { authority, host } = deps
      const port = deps.port()
      const install = installLine({
        host,
        port,
        pin: authority.pin,
        caFingerprint: authority.fingerprint,
        token: made.token,
        packages: await deps.install.packages(),
      })
      const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
      return { ...made, caFingerprint: authority.fingerprint, master: address, install }
    },
    'tokens.list': () => tokens.list(),
    'tokens.revoke': async ({ name }) => {
      await tokens.revoke(name)
      return {}
    },
  }
}

function minionLine(
  id: string,
  connected: Connected | undefined,
  { keys, minions, mappedRoles }: JoiningDeps,
): MinionLine {
  const known = minions.get(id)
  return {
    id,
    roles: [...new Set([...mappedRoles(id), ...keys.tokenRoles(id)])].sort(),
    connected: connected !== undefined,
    lastSeen: connected !== undefined ? new Date().toISOString() : known === undefined ? null : isoOf(known.seen),
    address: connected?.address ?? known?.address ?? null,
    version: known?.version ?? null,
    ...(connected === undefined || connected.waiting.length === 0 ? {} : { waiting: [...connected.waiting] }),
  }
}

function isoOf(time: number): string {
  return new Date(time).toISOString()
}
