import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../core/errors.ts'
import { FOLDER, PROJECT } from './folder.ts'

const SOURCE_FOLDERS = ['states', 'roles', 'orchestrations', 'pillar']

export interface GitSource {
  name: string
  /** The repository's folder. */
  git: string
}

/**
 * The sources of an embedded run, as real git repositories that can be committed to: this checkout's states, roles and
 * orchestrations, and over them what makes them fit one machine without root.
 */
export function makeSources(): GitSource[] {
  return [
    { name: 'butler', git: makeRepository('butler', PROJECT) },
    { name: 'embedded', git: makeRepository('embedded', join(PROJECT, 'examples/deployments/embedded')) },
  ]
}

function makeRepository(name: string, from: string): string {
  const folder = join(FOLDER, 'sources', name)
  mkdirSync(folder, { recursive: true })
  for (const part of SOURCE_FOLDERS.filter((part) => existsSync(join(from, part)))) {
    cpSync(join(from, part), join(folder, part), { recursive: true })
  }
  git(folder, 'init', '--quiet', '--initial-branch=main')
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', `${name}, as it lies in the checkout`)
  return folder
}

/** Runs git with nothing of the user's own configuration: hooks, signing and templates stay out. */
function git(folder: string, ...words: string[]): void {
  const author = { name: 'Butler', email: 'butler@localhost' }
  try {
    execFileSync('git', ['-C', folder, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_COMMITTER_NAME: author.name,
        GIT_COMMITTER_EMAIL: author.email,
      },
    })
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
      throw new UserError('no-git', 'The program git is not there.', {
        hint: 'Install git (Debian: apt-get install git; macOS: xcode-select --install).',
        cause: thrown,
      })
    }
    throw thrown
  }
}
