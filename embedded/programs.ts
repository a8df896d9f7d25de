import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { UserError } from '../core/errors.ts'
import { PROJECT } from './folder.ts'

/** One of Butler's programs with its words, as a person would type them. */
export interface CommandLine {
  program: 'butler' | 'butler-master' | 'butler-minion' | 'butler-call'
  words: readonly string[]
}

export function show({ program, words }: CommandLine): string {
  return [program, ...words.map((word) => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word}'`))].join(' ')
}

/** Runs a program on this terminal and gives back what it wrote to stdout. It must end with 0. */
export async function runShown(line: CommandLine, interrupted: AbortSignal): Promise<string> {
  process.stdout.write(`  $ ${show(line)}\n`)
  return run(line, interrupted, (text) => process.stdout.write(text.replaceAll(/^(?=.)/gmu, '    ')))
}

/** Runs a program and gives back what it wrote to stdout. It must end with 0. */
export async function runQuietly(line: CommandLine, interrupted: AbortSignal): Promise<string> {
  return run(line, interrupted, () => undefined)
}

async function run(line: CommandLine, interrupted: AbortSignal, see: (text: string) => void): Promise<string> {
  const child = spawn(process.execPath, [join(PROJECT, 'bin', `${line.program}.js`), ...line.words], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = (): void => void child.kill('SIGINT')
  interrupted.addEventListener('abort', stop, { once: true })
  let output = ''
  let complaints = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    see(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
    see(text)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  interrupted.removeEventListener('abort', stop)
  if (code === 0) return output
  throw new UserError('command-failed', `'${show(line)}' ended with ${code ?? 'a signal'}.`, {
    hint: (complaints || output).trim().split('\n').slice(-12).join('\n  '),
  })
}
