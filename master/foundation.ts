import type { Layout } from '../core/cli/layout.ts'
import { lockFolder } from '../core/cli/lock.ts'
import type { WireOptions } from '../core/protocol/wire.ts'
import { Connections } from './fleet/connections.ts'
import { Minions } from './fleet/minions.ts'
import type { Log } from './log.ts'
import { Authority } from './pki/authority.ts'
import { Enrolment } from './pki/enrolment.ts'
import { Keys } from './pki/keys.ts'
import { ServicesAuthority } from './pki/services.ts'
import { Tokens } from './pki/tokens.ts'
import { openStore, type Store } from './store/store.ts'
import { Writer } from './store/writer.ts'

export interface FoundationOptions {
  layout: Layout
  log: Log
  /** The time of day in ms: for certificates and for people. */
  now: () => number
  wire?: WireOptions
}

/** What a master stands on: its store, its CA, and who its minions are. */
export interface Foundation extends AsyncDisposable {
  store: Store
  /** For what many minions may make it write at the same time. */
  writer: Writer
  authority: Authority
  services: ServicesAuthority
  keys: Keys
  tokens: Tokens
  enrolment: Enrolment
  minions: Minions
  connections: Connections
}

export async function layFoundation(options: FoundationOptions): Promise<Foundation> {
  const { layout, log, now } = options
  await using opened = new AsyncDisposableStack()
  const lock = lockFolder(layout.data, 'master')
  opened.defer(() => lock.release())
  const store = await openStore(layout.data)
  opened.defer(() => store.destroy())
  const writer = opened.adopt(new Writer(store), (each) => each.idle())
  const authority = await Authority.open(layout.pki, now)
  const services = await ServicesAuthority.open(layout.pki, now)
  const keys = await Keys.open(store)
  const tokens = new Tokens(store, now)
  const minions = await Minions.open(store, writer, now)
  const connections = new Connections({
    log,
    now,
    said: (id, hello, address) => minions.said(id, hello, address),
    ...(options.wire === undefined ? {} : { wire: options.wire }),
  })
  const enrolment = new Enrolment({ store, authority, keys, tokens, now })
  keys.onGone((id, cause) => connections.drop(id, cause))
  connections.onDisconnect((id) => {
    minions.left(id).catch((error: unknown) => log.error('not stored', { minion: id, error: String(error) }))
  })
  connections.answer('renew', (id, { request }) => enrolment.renew(id, request))
  const kept = opened.move()
  return {
    store,
    writer,
    authority,
    services,
    keys,
    tokens,
    enrolment,
    minions,
    connections,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
