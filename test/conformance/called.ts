import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Call } from '../../core/cli/command.ts'
import type { Io } from '../../core/cli/io.ts'
import { report } from '../../core/cli/main.ts'
import { runLocal } from '../../minion/cli/local/local.ts'
import type { CallRequest } from '../../minion/cli/request.ts'

/** What a program said and how it ended. */
export interface Called {
  exitCode: number
  /** What it printed as JSON. */
  data: unknown
  /** What it wrote to stderr. */
  notes: string
}

export interface Applied {
  states: readonly string[]
  fileRoot: string
  test: boolean
  pillar: string | undefined
}

/** `butler-call --local apply` in this process: all of it but the parsing of the command line. */
export function applyHere({ states, fileRoot, test, pillar }: Applied): Promise<Called> {
  return callHere({ kind: 'state', states, test }, { fileRoot, pillar })
}

/** `butler-call --local show lowstate` in this process. */
export function showLowHere({ states, fileRoot }: Pick<Applied, 'states' | 'fileRoot'>): Promise<Called> {
  return callHere({ kind: 'show', what: 'lowstate', states }, { fileRoot, pillar: undefined })
}

async function callHere(
  request: CallRequest,
  { fileRoot, pillar }: Pick<Applied, 'fileRoot' | 'pillar'>,
): Promise<Called> {
  const called: Called = { exitCode: 0, data: undefined, notes: '' }
  const io: Io = {
    format: 'json',
    color: false,
    width: 100,
    env: {},
    print: () => {},
    data: (value) => {
      called.data = JSON.parse(JSON.stringify(value))
    },
    note: (text) => {
      called.notes += `${text}\n`
    },
    interrupted: new AbortController().signal,
  }
  const options = { local: true, fileRoot: [fileRoot], root: fileRoot, pillar, logLevel: 'warning' }
  const call: Call = { args: {}, options, io }
  try {
    called.exitCode = await runLocal(request, call)
  } catch (thrown) {
    called.exitCode = report(thrown, io)
  }
  return called
}

const PROGRAM = fileURLToPath(new URL('../../bin/butler-call.js', import.meta.url))

/** The same by the real command. */
export function applyByCommand({ states, fileRoot, test, pillar }: Applied): Called {
  const options = ['--local', '--file-root', fileRoot, '--out', 'json', ...(test ? ['--test'] : [])]
  const words = [...options, ...(pillar === undefined ? [] : ['--pillar', pillar]), 'apply', ...states]
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8' })
  return { exitCode: status ?? -1, data: stdout === '' ? undefined : JSON.parse(stdout), notes: stderr }
}
