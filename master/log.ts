import { pino } from 'pino'

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

/** One line a record; journald keeps it. */
export interface Log {
  info(text: string, fields?: Fields): void
  warn(text: string, fields?: Fields): void
  error(text: string, fields?: Fields): void
}

const LABELS: Readonly<Record<number, string>> = { 30: 'info', 40: 'warning', 50: 'error' }

/** Writes to stderr; as JSON for programs, else for people. */
export function createLog(options: { json: boolean; write?: (line: string) => void }): Log {
  const { json, write = (line) => void process.stderr.write(line) } = options
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => write(json ? line : forPeople(line)) },
  )
  return {
    info: (text, fields = {}) => logger.info(fields, text),
    warn: (text, fields = {}) => logger.warn(fields, text),
    error: (text, fields = {}) => logger.error(fields, text),
  }
}

function forPeople(line: string): string {
  // Our own record, from the line above.
  const { level, msg, time: _, ...fields } = JSON.parse(line) as { level: number; msg: string; time: string }
  const words = Object.entries<unknown>(fields).map(([name, value]) => `${name}=${shown(String(value))}`)
  return `${[LABELS[level] ?? String(level), msg, ...words].join(' ').replaceAll(/[\r\n]+/gu, ' ⏎ ')}\n`
}

function shown(value: string): string {
  return /[\s"=]/u.test(value) ? JSON.stringify(value) : value
}
