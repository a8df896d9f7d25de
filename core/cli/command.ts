import type { ExitCode } from './exit.ts'
import type { Io } from './io.ts'

/** One command of a program. Definitions are light; `run` imports what it needs when it is called. */
export interface Command {
  /** `highstate`, or two words for one of a group: `jobs list`. */
  readonly name: string
  readonly summary: string
  /** More than a line, shown below the summary in its own help. */
  readonly details?: string
  /** Whole command lines, with the program's name. */
  readonly examples: readonly string[]
  readonly arguments?: readonly Argument[]
  readonly options?: readonly Option[]
  /** One of a group that is meant when the group is named alone: `keys` is `keys list`. */
  readonly isDefault?: boolean
  /** Targets as in Salt come before the target: `-L`, `-G`, `-I`, `-E`, `-S`, `-C` are added to the options. */
  readonly targets?: boolean
  run(call: Call): Promise<ExitCode>
}

export interface Argument {
  /** `target`, shown as `<target>`; `[name]` when optional; `states...` takes the rest, `[states...]` none or more. */
  readonly name: string
  readonly summary: string
}

export interface Option {
  /** As commander writes it: `-n, --workflow_name <name>`, `--test`, `--roles <list...>`. */
  readonly flags: string
  readonly summary: string
  readonly required?: boolean
  readonly default?: string
  readonly choices?: readonly string[]
  /** It may be given several times, one value each: `--file-root A --file-root B`. A list comes out. */
  readonly repeatable?: boolean
}

/** A command line after parsing. Keys are camel case, as commander makes them: `--file-root` is `fileRoot`. */
export interface Call {
  readonly args: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly options: Readonly<Record<string, unknown>>
  readonly io: Io
}

export interface Program {
  readonly name: string
  readonly summary: string
  /** Options that every command takes, such as `--config <dir>`; they may stand before or after the command. */
  readonly options?: readonly Option[]
  readonly commands: readonly Command[]
  /** What to do with a first word that is no command (`butler-call test.ping`). */
  readonly otherwise?: Command
}

/** One text argument that the parser has made sure of. */
export function textArgument(call: Call, name: string): string {
  const value = call.args[name]
  if (typeof value !== 'string') throw new Error(`'${name}' is no argument of this command.`)
  return value
}

/** The rest of the words; empty when there are none. */
export function restArgument(call: Call, name: string): readonly string[] {
  const value = call.args[name]
  return Array.isArray(value) ? value : []
}

export function textOption(call: Call, name: string): string | undefined {
  const value = call.options[name]
  return typeof value === 'string' ? value : undefined
}

export function flagOption(call: Call, name: string): boolean {
  return call.options[name] === true
}

/** An option that can be given several times. */
export function textsOption(call: Call, name: string): readonly string[] {
  const value = call.options[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
