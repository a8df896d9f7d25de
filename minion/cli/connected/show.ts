import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import { UserError } from '../../../core/errors.ts'
import { nestedLines } from '../../../core/run/nested.ts'
import { mapOption } from '../local/session.ts'
import type { CallRequest } from '../request.ts'
import { openDoor } from './door.ts'
import type { Context } from './state-run.ts'

const ANSWER_MS = 65_000

/** `show pillar`: this minion's pillar as the master has it, secrets as references. */
export async function show({ what }: CallRequest & { kind: 'show' }, { layout, call }: Context): Promise<ExitCode> {
  await using door = await openDoor(layout)
  if (what !== 'pillar') {
    throw new UserError('shown-elsewhere', `The master shows a minion's ${what}, since it is what compiles it.`, {
      hint: `On the master: butler-master show ${what} ${door.id}. Here 'butler-call plan' says what would change.`,
    })
  }
  const question = { pillar: mapOption(call, 'pillar') }
  const { pillar } = await door.agent.ask('pillar.request', question, { timeoutMs: ANSWER_MS })
  call.io.data(pillar)
  call.io.print(nestedLines(pillar, 0).join('\n'))
  return EXIT.ok
}
