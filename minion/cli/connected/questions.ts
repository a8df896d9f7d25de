import type { Layout } from '../../../core/cli/layout.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { openDoor } from './door.ts'

const ANSWER_MS = 65_000

/** This minion's pillar as the master has it, secrets as references; `given` is laid over it for this call. */
export async function pillarFromMaster(layout: Layout, given?: DataMap): Promise<DataMap> {
  await using door = await openDoor(layout)
  const question = given === undefined ? {} : { pillar: given }
  return (await door.agent.ask('pillar.request', question, { timeoutMs: ANSWER_MS })).pillar
}

/** What other minions last said of themselves: `mine.get`. `target` is a compound expression. */
export async function mineFromMaster(layout: Layout, target: string, name: string): Promise<Record<string, Data>> {
  await using door = await openDoor(layout)
  return (await door.agent.ask('mine.get', { target, function: name }, { timeoutMs: ANSWER_MS })).values
}
