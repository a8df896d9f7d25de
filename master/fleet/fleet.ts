import type { Hello, ToMaster, ToMinion } from '../../core/protocol/messages.ts'

/** The minions that are connected right now. Who a minion is comes from its certificate, never from a message. */
export interface Fleet {
  connected(): ReadonlyMap<string, Connected>
  isConnected(id: string): boolean
  /** Asks one minion. Rejects with the `UserError` `not-connected`, `no-answer` (in time), or what the minion said. */
  ask<Type extends keyof ToMinion>(
    id: string,
    type: Type,
    question: ToMinion[Type]['question'],
    options: { timeoutMs: number },
  ): Promise<ToMinion[Type]['answer']>
  /** Who answers what minions ask. Set once, before the port opens. */
  answer<Type extends keyof ToMaster>(
    type: Type,
    answerer: (id: string, question: ToMaster[Type]['question']) => Promise<ToMaster[Type]['answer']>,
  ): void
  /** Called after a minion's hello, and when its connection ends. */
  onConnect(listener: (id: string, hello: Hello) => void): void
  onDisconnect(listener: (id: string, cause: string) => void): void
  /** Ends a minion's connection at once, as `keys revoke` does. */
  drop(id: string, cause: string): void
}

export interface Connected {
  hello: Hello
  /** ISO 8601. */
  since: string
  address: string
  /** Addresses of further live connections of the same id: a clone, or a machine that has just come back. */
  waiting: readonly string[]
}
