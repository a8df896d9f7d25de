import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'

/** A release as it lies unpacked on a machine, such as `/opt/butler`. */
export interface Release {
  home: string
  version: string
}

/** The release that a program (its first file, as in `process.argv[1]`) is part of; nothing when it runs from source. */
export function releaseOf(program: string | undefined): Release | undefined {
  if (program === undefined) return undefined
  const home = dirname(dirname(program))
  try {
    return { home, version: readFileSync(join(home, 'version'), 'utf8').trim() }
  } catch {
    return undefined
  }
}

/** The same for what works only from a release; throws a `UserError` from source. */
export function requireRelease(program: string | undefined): Release {
  const release = releaseOf(program)
  if (release !== undefined) return release
  throw new UserError('no-release', 'This program does not run from a release, so there is nothing to set up.', {
    hint: "Unpack the archive that 'npm run package' makes to /opt/butler, and call its bin/ program.",
  })
}
