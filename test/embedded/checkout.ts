import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** A copy of this checkout that a test may change, with the same node_modules. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'butler-checkout-'))

  constructor() {
    const left = new Set(['node_modules', '.git', '.butler', '.tap', 'dist'])
    cpSync('.', this.folder, { recursive: true, filter: (from) => !left.has(basename(from)) })
    symlinkSync(join(process.cwd(), 'node_modules'), join(this.folder, 'node_modules'))
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8')
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text)
  }

  /** Runs `npm start` there, with the words after `--`. */
  start(...words: string[]): Started {
    const child = spawn(process.execPath, ['embedded/start.ts', ...words], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const grown = new Set<() => void>()
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        for (const look of grown) look()
      })
    }
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    return {
      output: () => output,
      ended,
      kill: (signal) => void child.kill(signal),
      says: (text) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (output.includes(text)) resolve()
          }
          grown.add(look)
          look()
          void ended.then(() => reject(new Error(`It ended without saying '${text}':\n${output}`)))
        }),
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface Started {
  output(): string
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  /** Resolves when the output holds the text. */
  says(text: string): Promise<void>
}
