import { isMap, type Data, type DataMap } from '../../core/data.ts'
import { UserError, userErrorsOf } from '../../core/errors.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import type { Host } from '../../core/module/host.ts'
import type { Output, View } from '../../core/module/view.ts'

const PROGRAM = 'rabbitmqctl'
const UNIT = 'rabbitmq-server.service'

/** The rows that the broker answers to `rabbitmqctl WORDS`, a fact of the run: every call costs an Erlang start. */
export async function ask(view: View, words: readonly string[]): Promise<DataMap[]> {
  const data = await answered(view, ['--formatter', 'json', ...words])
  return Array.isArray(data) ? data.filter(isMap) : []
}

/** Users, virtual hosts, permissions and policies, all by one call. */
export async function definitions(view: View): Promise<DataMap> {
  const data = await answered(view, ['export_definitions', '-'])
  if (isMap(data)) return data
  throw new UserError('rabbitmqctl-failed', `rabbitmqctl export_definitions printed no map.`)
}

async function answered(view: View, words: readonly string[]): Promise<Data> {
  try {
    return await view.fact(answerOf(words))
  } catch (thrown) {
    const [error] = userErrorsOf(thrown) ?? []
    if (error?.code === 'no-rabbitmqctl') view.missing({ kind: 'package', name: 'rabbitmq-server' })
    if (error?.code === 'no-broker') view.missing({ kind: 'unit', name: UNIT })
    throw thrown
  }
}

function answerOf(words: readonly string[]): Fact<Data> {
  return fact({
    name: `${PROGRAM} ${words.join(' ')}`,
    stale: ['broker', 'unit', 'package'],
    async read(view) {
      const output = await view.query([PROGRAM, '-q', ...words])
      if (output.exitCode !== 0) throw failed(output)
      return parseAnswer(output.stdout)
    },
  })
}

/** What is printed as JSON; nothing where there is nothing. Throws what is no JSON as a `UserError`. */
function parseAnswer(stdout: string): Data {
  try {
    return JSON.parse(stdout.trim() === '' ? '[]' : stdout) as Data
  } catch (cause) {
    throw new UserError('rabbitmqctl-failed', `rabbitmqctl printed no JSON: ${stdout.slice(0, 200)}`, { cause })
  }
}

/** The maps of a list in an answer. */
export function rowsIn(answer: DataMap, key: string): DataMap[] {
  const rows = answer[key]
  return Array.isArray(rows) ? rows.filter(isMap) : []
}

/** A column of a row. */
export function textIn(row: DataMap, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** A question that is answered by the exit code alone; what is secret goes in by standard input. */
export async function isSo(view: View, words: readonly string[], input: string): Promise<boolean> {
  return (await view.query([PROGRAM, '-q', ...words], { input })).exitCode === 0
}

/** Changes something; what is secret goes in by standard input, never as an argument. */
export async function tell(host: Host, words: readonly string[], input?: string): Promise<void> {
  const output = await host.run([PROGRAM, '-q', ...words], input === undefined ? {} : { input })
  if (output.exitCode !== 0) throw failed(output)
}

/** rabbitmqctl ends with 69 when it reaches no broker (`EX_UNAVAILABLE`). */
const UNREACHABLE = new Set([68, 69, 75])

function failed({ exitCode, stderr, stdout }: Output): UserError {
  if (exitCode === 127) {
    return new UserError('no-rabbitmqctl', 'This machine has no rabbitmqctl.', {
      hint: 'Install rabbitmq-server with pkg.installed, and require that state here.',
    })
  }
  const lines = (stderr.trim() || stdout.trim()).split('\n').filter((line) => line.trim() !== '')
  if (UNREACHABLE.has(exitCode)) {
    return new UserError('no-broker', `RabbitMQ does not answer: ${lines[0] ?? ''}`, {
      hint: `Let the state require the service rabbitmq-server; its log: journalctl -u ${UNIT}`,
    })
  }
  return new UserError('rabbitmqctl-failed', `rabbitmqctl failed: ${lines.slice(0, 3).join(' ')}`)
}
