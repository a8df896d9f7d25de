import type { Call } from '../../../core/cli/command.ts'
import { EXIT, type ExitCode } from '../../../core/cli/exit.ts'
import { formatError } from '../../../core/cli/error-text.ts'
import { checkArgs, nameWords, parseWords } from '../../../core/compile/arguments.ts'
import { keysOf } from '../../../core/compile/schema.ts'
import type { Data, DataMap } from '../../../core/data.ts'
import { UserError, userErrorsOf, type ErrorData } from '../../../core/errors.ts'
import type { AnyFunction } from '../../../core/module/fn.ts'
import { fillFromPillar } from '../../../core/module/option.ts'
import { formatJid } from '../../../core/run/jid.ts'
import { formatReturn } from '../../../core/run/nested.ts'
import { summarize } from '../../../core/run/result.ts'
import { secretNames } from '../../../core/secret.ts'
import { suggest } from '../../../core/text/nearest.ts'
import { catalog } from '../../../modules/catalog.ts'
import { readConfig } from '../../config/config.ts'
import { collectGrains } from '../../grains/grains.ts'
import { createMachine } from '../../host/machine.ts'
import { mapOption } from '../local/session.ts'
import type { CallRequest } from '../request.ts'
import { openDoor, type Door } from './door.ts'
import type { Context } from './state-run.ts'

type FunctionRequest = CallRequest & { kind: 'function' }

const ANSWER_MS = 65_000

/** Calls one execution function on this machine, with the pillar that the master has for it, and prints the answer. */
export async function callFunction(request: FunctionRequest, { layout, call }: Context): Promise<ExitCode> {
  const { name, words } = request
  const found = requireFunction(name)
  // What is wrong with the words is said before anybody is asked.
  const named = nameWords(found.args, parseWords(words), { what: name })
  await using door = await openDoor(layout)
  if (found.changes === 'asks') {
    const args = checkArgs(found.args, named, { what: name })
    return await answered(door.id, call, () => askMaster(name, args, door))
  }
  const { pillar } = await door.agent.ask(
    'pillar.request',
    { pillar: mapOption(call, 'pillar') },
    { timeoutMs: ANSWER_MS },
  )
  const args = checkArgs(
    found.args,
    withoutSecrets(name, fillFromPillar(name, named, pillar, keysOf(found.args)), door),
    {
      what: name,
    },
  )
  const config = await readConfig(layout)
  const grains = { ...(await collectGrains(layout)), ...config.grains, id: door.id }
  const machine = createMachine({ grains, pillar, confine: config.confine })
  return await answered(door.id, call, () => found.run(machine.host({}), args))
}

function requireFunction(name: string): AnyFunction {
  const found = catalog.functions.get(name)
  if (found !== undefined) return found
  throw new UserError('unknown-function', `There is no function '${name}'.`, {
    hint: suggest(name, [...catalog.functions.keys(), 'apply', 'highstate', 'plan', 'show']),
  })
}

/** The values of secrets go along with jobs only, never with an answer to a question. */
function withoutSecrets(name: string, args: DataMap, { id }: Door): DataMap {
  const [secret] = secretNames(args)
  if (secret === undefined) return args
  throw new UserError('needs-secret', `'${name}' needs the secret '${secret}', which the master gives to jobs only.`, {
    hint: `On the master: butler-master run ${id} ${name}`,
  })
}

/** The functions that others than this machine answer. */
async function askMaster(name: string, args: DataMap, door: Door): Promise<Data> {
  const { tgt, fun } = args
  if (name === 'mine.get' && typeof tgt === 'string' && typeof fun === 'string') {
    return (await door.agent.ask('mine.get', { target: tgt, function: fun }, { timeoutMs: ANSWER_MS })).values
  }
  throw new UserError('answered-elsewhere', `'${name}' is for the master's machine.`, {
    hint: `There: butler-master mine update ${door.id}`,
  })
}

async function answered(id: string, { io }: Call, ask: () => Promise<Data>): Promise<ExitCode> {
  const base = { jid: formatJid(BigInt(Date.now()) * 1000n), snapshot: '', results: [], summary: summarize([]) }
  const report = (ok: boolean, errors: ErrorData[], rest: object): object => ({
    schema: 'butler.run/1',
    ok,
    test: false,
    errors,
    targets: { [id]: { ...base, ...rest } },
  })
  try {
    const answer = await ask()
    io.data(report(true, [], { outcome: 'succeeded', cause: '', return: answer }))
    io.print(formatReturn(id, answer))
    return EXIT.ok
  } catch (thrown) {
    const errors = userErrorsOf(thrown)
    if (errors === undefined) throw thrown
    const cause = errors.map((error) => error.message).join('\n')
    io.data(
      report(
        false,
        errors.map((error) => error.toJSON()),
        { outcome: 'failed', cause },
      ),
    )
    for (const error of errors) io.note(formatError(error))
    return EXIT.failed
  }
}
