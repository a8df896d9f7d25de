import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'

/** A folder that is gone when the test is over. */
export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'butler-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files, by their paths below a folder; `null` removes one. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | null>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    if (content === null) rmSync(file)
    else writeFileSync(file, content)
  }
}

/** A real git repository with one branch. */
export class Repository {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
    this.git('init', '--quiet', '--initial-branch=main')
  }

  /** Commits these files; returns the commit. */
  commit(files: Readonly<Record<string, string | null>>): string {
    writeFiles(this.folder, files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message', 'A change')
    return this.git('rev-parse', 'HEAD').trim()
  }

  link(target: string, path: string): void {
    symlinkSync(target, join(this.folder, path))
  }

  git(...words: string[]): string {
    const who = ['-c', 'user.name=Butler', '-c', 'user.email=butler@localhost', '-c', 'commit.gpgSign=false']
    return execFileSync('git', ['-C', this.folder, ...who, '-c', 'core.hooksPath=/dev/null', ...words], {
      encoding: 'utf8',
    })
  }
}
