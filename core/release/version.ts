import { readFileSync } from 'node:fs'
import { releaseOf } from './release.ts'

/** Butler's version: of the release that this program is part of, else of the source. */
export function versionOf(program: string | undefined): string {
  return releaseOf(program)?.version ?? sourceVersion()
}

/** The version of the program that runs. */
export function runningVersion(): string {
  return versionOf(process.argv[1])
}

function sourceVersion(): string {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    return /"version":\s*"([^"]+)"/u.exec(text)?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
