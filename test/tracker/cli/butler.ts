import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { temporaryFolder, writeFiles } from '../folder.ts'

const PROGRAM = fileURLToPath(new URL('../../../bin/butler.js', import.meta.url))

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A running `butler`, started as a person would. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when stdout holds the text. */
  says(text: string): Promise<void>
  /** Resolves when stderr matches. */
  notes(pattern: RegExp): Promise<RegExpExecArray>
}

/** A tracker in a folder of its own, with the files to begin with and the settings of its tracker.yaml. */
export class Butler {
  readonly folder: string

  constructor(
    t: { teardown(end: () => void): void },
    files: Readonly<Record<string, string | object>> = {},
    settings: object = {},
  ) {
    this.folder = temporaryFolder(t, files)
    this.write({ 'etc/butler/tracker.yaml': { workflows: ['../../workflows'], ...settings } })
  }

  write(files: Readonly<Record<string, string | object>>): void {
    writeFiles(this.folder, files)
  }

  /** Runs it in the folder to its end. */
  run(...words: string[]): Promise<Ended> {
    return this.start(...words).ended
  }

  start(...words: string[]): Running {
    const child = spawn(process.execPath, [PROGRAM, '--root', this.folder, ...words], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    let stdout = ''
    let stderr = ''
    const waiting: { text: string; resolve: () => void }[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      for (const each of waiting) if (stdout.includes(each.text)) each.resolve()
    })
    const noting: { pattern: RegExp; resolve: (match: RegExpExecArray) => void }[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      for (const { pattern, resolve } of noting) {
        const match = pattern.exec(stderr)
        if (match !== null) resolve(match)
      }
    })
    const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }))
    return {
      child,
      ended,
      async says(text) {
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting.push({ text, resolve })
        if (stdout.includes(text)) resolve()
        const end = await Promise.race([promise, ended])
        if (end !== undefined && !end.stdout.includes(text)) {
          throw new Error(`It ended without '${text}':\n${end.stdout}${end.stderr}`)
        }
      },
      async notes(pattern) {
        const { promise, resolve } = Promise.withResolvers<RegExpExecArray>()
        noting.push({ pattern, resolve })
        const match = await Promise.race([promise, ended.then((end) => pattern.exec(end.stderr))])
        if (match === null) throw new Error(`It ended without ${String(pattern)}:\n${stdout}${stderr}`)
        return match
      },
    }
  }

  /** Runs it with --json and gives what it printed. */
  async json(...words: string[]): Promise<Record<string, unknown>> {
    const { stdout, stderr } = await this.run(...words, '--json')
    try {
      return JSON.parse(stdout)
    } catch {
      throw new Error(`No JSON from ${words.join(' ')}:\n${stdout}${stderr}`)
    }
  }
}
