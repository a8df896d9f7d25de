import type { Call } from '../../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import { formatError } from '../../../core/cli/error-text.ts'
import { checkArgs, nameWords, parseWords } from '../../../core/compile/arguments.ts'
import { keysOf } from '../../../core/compile/schema.ts'
import { UserError, type UserErrors, userErrorsOf } from '../../../core/errors.ts'
import type { AnyFunction } from '../../../core/module/fn.ts'
import { fillFromPillar } from '../../../core/module/option.ts'
import { formatJid } from '../../../core/run/jid.ts'
import { formatReturn } from '../../../core/run/nested.ts'
import { type RunReport, summarize, type TargetResult } from '../../../core/run/result.ts'
import { suggest } from '../../../core/text/nearest.ts'
import { catalog } from '../../../modules/catalog.ts'
import { createMachine } from '../../host/machine.ts'
import type { CallRequest } from '../request.ts'
import type { Session } from './session.ts'

/** Calls one execution function on this machine and prints its answer. */
export async function callLocally(
  { name, words }: CallRequest & { kind: 'function' },
  { grains, pillar, confine }: Session,
  call: Call,
): Promise<ExitCode> {
  const fn = requireFunction(name)
  const named = nameWords(fn.args, parseWords(words), { what: name })
  const args = checkArgs(fn.args, fillFromPillar(name, named, pillar, keysOf(fn.args)), { what: name })
  const machine = createMachine({ grains, pillar, confine })
  const jid = formatJid(BigInt(machine.now().getTime()) * 1000n)
  const base = { jid, snapshot: '', results: [], summary: summarize([]) }
  try {
    const answer = await fn.run(machine.host({}), args)
    call.io.data(reportOf({ ...base, outcome: 'succeeded', cause: '', return: answer }, []))
    call.io.print(formatReturn('local', answer))
    return EXIT.ok
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    const cause = errors.map((error) => error.message).join('\n')
    call.io.data(reportOf({ ...base, outcome: 'failed', cause }, errors))
    for (const error of errors) call.io.note(formatError(error))
    return EXIT.failed
  }
}

function requireFunction(name: string): AnyFunction & { changes: boolean } {
  const fn = catalog.functions.get(name)
  if (fn === undefined) {
    throw new UserError('unknown-function', `There is no function '${name}'.`, {
      hint: suggest(name, [...catalog.functions.keys(), 'apply', 'highstate', 'plan', 'show']),
    })
  }
  if (fn.changes !== 'asks') return fn
  throw new UserError('needs-master', `Only a master answers '${name}'.`, { hint: 'Leave out --local.' })
}

function reportOf(target: TargetResult, errors: UserErrors['errors']): RunReport {
  const ok = target.outcome === 'succeeded'
  return {
    schema: 'butler.run/1',
    ok,
    test: false,
    errors: errors.map((error) => error.toJSON()),
    targets: { local: target },
  }
}
