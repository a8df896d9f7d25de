import { writeFile } from 'node:fs/promises'
import XmlBuilder from 'fast-xml-builder'
import { UserError } from '../../core/errors.ts'
import type { CheckLine, Verdict } from './checks.ts'

/** Writes what checks found as JUnit XML, which CI systems read. Throws a `UserError` when the file can't be written. */
export async function writeJunit(file: string, name: string, checks: readonly CheckLine[]): Promise<void> {
  try {
    await writeFile(file, junitOf(name, checks))
  } catch (cause) {
    throw new UserError('no-junit', `The JUnit report could not be written: ${String(cause)}`, {
      hint: 'Name a file in a folder that is there, such as `--junit report.xml`.',
      cause,
    })
  }
}

const AT = '@_'
const TEXT = '#text'

/** `<testsuites>` with one suite: the elements that Jenkins, GitLab and GitHub's actions read. */
export function junitOf(name: string, checks: readonly CheckLine[]): string {
  const builder = new XmlBuilder({ ignoreAttributes: false, attributeNamePrefix: AT, textNodeName: TEXT, format: true })
  const count = (...wanted: Verdict[]): number => checks.filter(({ verdict }) => wanted.includes(verdict)).length
  const counts = {
    [`${AT}tests`]: checks.length,
    [`${AT}failures`]: count('failed'),
    [`${AT}skipped`]: count('not-deployed', 'not-run'),
  }
  const suite = { [`${AT}name`]: legal(name), ...counts, testcase: checks.map(caseOf) }
  const tree = {
    '?xml': { [`${AT}version`]: '1.0', [`${AT}encoding`]: 'UTF-8' },
    testsuites: { ...counts, testsuite: suite },
  }
  return builder.build(tree)
}

function caseOf({ name, verdict, said, duration_ms }: CheckLine): Record<string, unknown> {
  const message = { [`${AT}message`]: legal(said.split('\n')[0] ?? '') }
  return {
    [`${AT}classname`]: 'butler',
    [`${AT}name`]: legal(name),
    [`${AT}time`]: (duration_ms / 1000).toFixed(3),
    ...(verdict === 'failed' ? { failure: { ...message, [TEXT]: legal(said) } } : {}),
    ...(verdict === 'ok' ? { 'system-out': legal(said) } : {}),
    ...(verdict === 'not-deployed' ? { skipped: { [`${AT}message`]: legal(`not deployed: ${said}`) } } : {}),
    ...(verdict === 'not-run' ? { skipped: message } : {}),
  }
}

/** XML 1.0 has no way to write most control characters, and programs colour their errors with them. */
function legal(text: string): string {
  return text.replace(/\p{Cc}\[[\d;]*m/gu, '').replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '�')
}
