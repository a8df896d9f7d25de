import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander'
import { userErrorsOf } from '../errors.ts'
import { nearest } from '../text/nearest.ts'
import type { Command, Option, Program } from './command.ts'
import { formatError } from './error-text.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Io, OutputFormat } from './io.ts'

const OUTPUT: readonly Option[] = [
  { flags: '--out <format>', summary: 'How to print the result', choices: ['text', 'json', 'yaml'], default: 'text' },
  { flags: '--json', summary: 'Short for --out json' },
]

const TARGETS: readonly Option[] = [
  { flags: '-L, --list', summary: 'The target is a list of ids: a,b,c' },
  { flags: '-G, --grain', summary: 'The target is a grain and a glob: roles:worker' },
  { flags: '-I, --pillar-value', summary: 'The target is a pillar key and a glob' },
  { flags: '-E, --pcre', summary: 'The target is a regular expression over ids' },
  { flags: '-P, --grain-pcre', summary: 'The target is a grain and a regular expression' },
  { flags: '-J, --pillar-pcre', summary: 'The target is a pillar key and a regular expression' },
  { flags: '-S, --ipcidr', summary: 'The target is an address or a subnet' },
  { flags: '-C, --compound', summary: "The target is a compound: 'G@roles:worker and not web*'" },
]

/** Parses the words, runs the command, prints what went wrong. The only place where a program ends itself. */
export async function main(program: Program, version: string, words: readonly string[]): Promise<void> {
  goOnUnread()
  process.exitCode = await runProgram(program, version, words)
}

export async function runProgram(program: Program, version: string, words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const root = build(program, version, async (command, args, options) => {
    const io = await terminal(options)
    try {
      code = await command.run({ args, options, io })
    } catch (thrown) {
      code = report(thrown, io)
    }
  })
  try {
    await root.parseAsync(withoutUnknownCommand(program, words), { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    return thrown.exitCode === 0 ? EXIT.ok : EXIT.refused
  }
  return code
}

/** Prints errors as people and programs expect them, and says which exit code they mean. */
export function report(thrown: unknown, io: Pick<Io, 'note' | 'data' | 'format'>): ExitCode {
  const errors = userErrorsOf(thrown)
  if (errors === undefined) {
    io.note(`This is a bug in Butler, please report it:\n${thrown instanceof Error ? thrown.stack : String(thrown)}`)
    return EXIT.bug
  }
  if (io.format !== 'text') io.data({ schema: 'butler.run/1', ok: false, test: false, errors, targets: {} })
  for (const error of errors) io.note(formatError(error))
  return EXIT.refused
}

type Started = (
  command: Command,
  args: Record<string, string | readonly string[] | undefined>,
  options: Record<string, unknown>,
) => Promise<void>

function build(program: Program, version: string, started: Started): Commander {
  const root = new Commander(program.name)
    .description(program.summary)
    .version(version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Show help')
    .showHelpAfterError(`(${program.name} --help shows what there is)`)
    .exitOverride()
  const groups = new Map<string, Commander>()
  const every = [...(program.options ?? []), ...OUTPUT]
  for (const command of program.otherwise ? [...program.commands, program.otherwise] : program.commands) {
    const [first = '', second] = command.name.split(' ')
    const parent = second === undefined ? root : groupOf(root, groups, first)
    add(parent, second ?? first, command, every, started, command === program.otherwise)
  }
  if (program.otherwise !== undefined) root.addHelpText('after', otherwiseHelp(program.name, program.otherwise))
  return root
}

/** What a first word that is no command means. */
function otherwiseHelp(program: string, { summary, arguments: given = [], examples }: Command): string {
  const words = given.map(({ name }) => (name.startsWith('[') ? name : `<${name}>`)).join(' ')
  const lines = examples.map((example) => `  $ ${example}`)
  return `\nAnything else: ${program} ${words}\n  ${summary}\n\nExamples:\n${lines.join('\n')}`
}

function groupOf(root: Commander, groups: Map<string, Commander>, name: string): Commander {
  const known = groups.get(name)
  if (known !== undefined) return known
  const group = root.command(name).description(`${name}: see '${root.name()} ${name} --help'`).exitOverride()
  groups.set(name, group)
  return group
}

function add(
  parent: Commander,
  name: string,
  command: Command,
  every: readonly Option[],
  started: Started,
  isDefault: boolean,
): void {
  const made = parent
    .command(name, isDefault ? { isDefault: true, hidden: true } : {})
    .description(command.details === undefined ? command.summary : `${command.summary}\n\n${command.details}`)
  made.summary(command.summary).exitOverride()
  for (const argument of command.arguments ?? []) {
    made.argument(argument.name.startsWith('[') ? argument.name : `<${argument.name}>`, argument.summary)
  }
  const options = [...(command.options ?? []), ...(command.targets ? TARGETS : [])]
  const own = new Set(options.map((option) => longFlag(option.flags)))
  for (const option of [...options, ...every.filter((common) => !own.has(longFlag(common.flags)))]) {
    made.addOption(commanderOption(option))
  }
  if (command.examples.length > 0) {
    made.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  $ ${example}`).join('\n')}`)
  }
  made.action(async (...given: unknown[]) => {
    const values = given.slice(0, command.arguments?.length ?? 0)
    const names = (command.arguments ?? []).map((argument) => argument.name.replaceAll(/[[\].<>]/gu, ''))
    const args = Object.fromEntries(names.map((key, index) => [key, textOrTexts(values[index])]))
    await started(command, args, made.opts())
  })
}

function textOrTexts(value: unknown): string | readonly string[] | undefined {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(String) : undefined
}

function commanderOption(option: Option): CommanderOption {
  const made = new CommanderOption(option.flags, option.summary)
  if (option.required) made.makeOptionMandatory()
  if (option.default !== undefined) made.default(option.default)
  if (option.choices !== undefined) made.choices([...option.choices])
  if (option.repeatable) made.argParser(collected)
  return made
}

function collected(value: string, before: unknown): string[] {
  return [...(Array.isArray(before) ? before.map(String) : []), value]
}

function longFlag(flags: string): string {
  return /--[\w-]+/u.exec(flags)?.[0] ?? flags
}

/** Options of the program may stand before the command too; commander wants them after it. */
function withoutUnknownCommand(program: Program, words: readonly string[]): string[] {
  const every = [...(program.options ?? []), ...OUTPUT]
  const leading: string[] = []
  let index = 0
  for (; index < words.length; index++) {
    const word = words[index] ?? ''
    const flag = word.split('=')[0] ?? ''
    const option = every.find(({ flags }) => flags.split(/[ ,]+/u).includes(flag))
    if (option === undefined) break
    leading.push(word)
    if (option.flags.includes('<') && !word.includes('=')) leading.push(words[++index] ?? '')
  }
  const rest = withDefault(program, words.slice(index))
  const [first] = rest
  const names = program.commands.map((command) => command.name.split(' ')[0] ?? '')
  if (
    first !== undefined &&
    !first.startsWith('-') &&
    !names.includes(first) &&
    first !== 'help' &&
    !program.otherwise
  ) {
    const near = nearest(first, names)
    process.stderr.write(
      `error: '${first}' is no command of ${program.name}.${near ? ` Did you mean '${near}'?` : ''}\n`,
    )
    throw new CommanderError(EXIT.refused, 'unknown-command', first)
  }
  const depth = program.commands.some((command) => command.name.startsWith(`${first} `)) ? 2 : 1
  const commandWords = program.otherwise && first !== undefined && !names.includes(first) ? 0 : depth
  return [...rest.slice(0, commandWords), ...leading, ...rest.slice(commandWords)]
}

/** A group that is named alone means its default command. */
function withDefault(program: Program, [first = '', ...more]: readonly string[]): string[] {
  const meant = program.commands.find(({ name, isDefault }) => isDefault === true && name.startsWith(`${first} `))
  const isAlone = more[0] === undefined || (more[0].startsWith('-') && !['-h', '--help'].includes(more[0]))
  const second = meant !== undefined && isAlone ? [meant.name.slice(first.length + 1)] : []
  return first === '' ? [] : [first, ...second, ...more]
}

/**
 * `butler-call ... | head`: the reader has gone, which is no fault. What is still printed is lost, and what is under way
 * goes on: a run must not end half-way because nobody watches.
 */
function goOnUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!('code' in error && error.code === 'EPIPE')) throw error
    })
  }
}

async function terminal(options: Record<string, unknown>): Promise<Io> {
  const format: OutputFormat = options['json'] === true ? 'json' : formatOf(options['out'])
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // the YAML library takes as long to load as Node itself: only who asks for YAML waits for it
  const yaml = format === 'yaml' ? await import('../text/yaml/plain.ts') : undefined
  return {
    format,
    color: process.stdout.isTTY && !process.env['NO_COLOR'],
    width: process.stdout.columns ?? 100,
    env: process.env,
    print: (text) => {
      if (format === 'text') process.stdout.write(`${typeof text === 'string' ? text : text()}\n`)
    },
    data: (value) => {
      if (format === 'json') process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
      // JSON's own shape
      if (yaml !== undefined) process.stdout.write(yaml.printYaml(JSON.parse(JSON.stringify(value))))
    },
    note: (text) => void process.stderr.write(`${text}\n`),
    interrupted: controller.signal,
  }
}

function formatOf(value: unknown): OutputFormat {
  return value === 'json' || value === 'yaml' ? value : 'text'
}
