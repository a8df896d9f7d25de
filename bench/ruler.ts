import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { must } from '../packaging/command.ts'

/** What the ruler prints for a workload; times in seconds. */
const measured = z.object({
  peer: z.string(),
  workload: z.string(),
  wall_s: z.number(),
  cpu_s: z.number(),
  rss_mb: z.number(),
  noisy: z.boolean(),
})

export type Measured = z.infer<typeof measured>

export interface Timed {
  peer: string
  workload: string
  words: readonly string[]
  /** Shell lines around each run: the one before is not timed, and one that fails after it ends the bench. */
  before?: string
  check?: string
}

/** The peers' scripts and the folder that a bench may write to. */
export class Ruler {
  readonly work: string
  readonly #peers: string

  constructor(peers: string, work: string) {
    this.#peers = peers
    this.work = work
  }

  /** Where the last command's output lies. */
  get output(): string {
    return join(this.work, 'output')
  }

  /** Times a command as a whole process, the median of three runs. */
  async time({ peer, workload, words, before, check }: Timed): Promise<Measured> {
    const around = [
      ...(before === undefined ? [] : ['--before', before]),
      ...(check === undefined ? [] : ['--check', check]),
    ]
    const named = ['--peer', peer, '--version', 'bench', '--workload', workload, '--output', this.output]
    try {
      const [line] = parseLines(
        await must(['python3', join(this.#peers, 'measure.py'), ...named, ...around, '--', ...words]),
      )
      if (line !== undefined) return line
    } catch (thrown) {
      throw new Error(`${peer}, ${workload}: ${readFileSync(this.output, 'utf8').slice(-2000)}`, { cause: thrown })
    }
    throw new Error(`The ruler printed no figure for ${workload}.`)
  }

  /** Runs a script of the peers, which prints a line a workload. */
  async script(name: string, words: readonly string[]): Promise<Measured[]> {
    return parseLines(await must([join(this.#peers, name), ...words]))
  }
}

function parseLines(text: string): Measured[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  return lines.map((line) => measured.parse(JSON.parse(line)))
}
