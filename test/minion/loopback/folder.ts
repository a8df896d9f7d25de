import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A folder of its own for a test, gone when the test is. */
export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'butler-minion-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
