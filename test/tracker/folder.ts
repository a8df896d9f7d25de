import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder for one test, removed at its end. Give it the files to begin with. */
export function temporaryFolder(
  t: { teardown(end: () => void): void },
  files: Readonly<Record<string, string | object>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'butler-tracker-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFiles(folder, files)
  return folder
}

/** Objects are written as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  }
}
