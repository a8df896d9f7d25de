import { setTimeout as wait } from 'node:timers/promises'
import type { FileRef } from '../../core/compile/low.ts'
import type { DataMap } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Host, RunOptions } from '../../core/module/host.ts'
import type { CommandOptions, Output } from '../../core/module/view.ts'
import type { Machine } from '../../core/run/machine.ts'
import { createAccounts } from './accounts.ts'
import { altering } from './alter.ts'
import { fence } from './confine.ts'
import { createFetching, type Files } from './fetch.ts'
import { list, read, stat } from './look.ts'
import { createPrograms } from './program.ts'

export interface MachineOptions {
  grains: DataMap
  pillar: DataMap
  /** What each `butler://` source is: `LowState.files`. Empty for a single function. */
  refs?: Readonly<Record<string, FileRef>>
  /** Who gives out content by digest. */
  files?: Files
  /** The CA that this machine's master is. */
  authority?: Authority
  /** Writes outside this folder are refused. */
  confine?: string | undefined
}

export interface Authority {
  /** Its certificate, in PEM. */
  ca(): Promise<string>
  certify(request: string, names: readonly string[]): Promise<string>
}

const NO_AUTHORITY: Authority = { ca: noMaster, certify: noMaster }

function noMaster(): Promise<never> {
  const hint = 'Apply this state through a master, or make the certificate by other means and place it by file.managed.'
  return Promise.reject(
    new UserError('no-master', 'Certificates come from the CA of a master: there is none here.', { hint }),
  )
}

const NO_FILES: Files = {
  fetch: (digest) => Promise.reject(new Error(`No files were given to this machine (${digest}).`)),
}

/** The machine that this process runs on. */
export function createMachine(options: MachineOptions): Machine {
  const accounts = createAccounts()
  const programs = createPrograms(accounts)
  const alter = altering(fence(options.confine), accounts)
  const fetching = createFetching(options.refs ?? {}, options.files ?? NO_FILES)
  const { grains, pillar, authority = NO_AUTHORITY } = options

  const host = (defaults: CommandOptions): Host => {
    const withDefaults = (given: CommandOptions = {}): CommandOptions => ({
      ...defaults,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      env: { ...defaults.env, ...given.env },
    })
    const made: Host = {
      ...alter,
      grains,
      pillar,
      read: async (path) => read(path),
      stat: async (path) => stat(path, accounts),
      list: async (path) => list(path),
      fetch: (source) => fetching.fetch(source),
      tree: (source) => fetching.tree(source),
      ca: () => authority.ca(),
      certify: (request, names) => authority.certify(request, names),
      fact: (fact) => fact.read(made),
      query: (argv, given) => programs.run(argv, withDefaults(given)),
      shell: (command, given) => programs.shell(command, withDefaults(given)),
      run: async (argv, given) => checked(argv, await programs.run(argv, withDefaults(given)), given),
      missing: () => {},
    }
    return made
  }

  return {
    host,
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: async (milliseconds, signal) => {
      try {
        await wait(milliseconds, undefined, { signal })
      } catch {
        // woken early, as wanted
      }
    },
  }
}

function checked(argv: readonly string[], output: Output, options: RunOptions | undefined): Output {
  if (!options?.check || (output.exitCode === 0 && !output.timedOut)) return output
  const end = output.timedOut ? 'took too long and was ended' : `ended with ${output.exitCode}`
  const said = lastWords(output.stderr) || lastWords(output.stdout)
  throw new ChangeFailed(`'${argv.join(' ')}' ${end}${said === '' ? '.' : `: ${said}`}`)
}

/** The last lines of a program's output, since programs say last why they failed. */
function lastWords(text: string): string {
  return text.trimEnd().split('\n').slice(-5).join('\n')
}
