/** One line a record on stderr; journald keeps it. */
export interface Log {
  info(text: string, fields?: Fields): void
  warn(text: string, fields?: Fields): void
  error(text: string, fields?: Fields): void
}

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

export function createLog(options: { json: boolean; write?: (line: string) => void; now?: () => Date }): Log {
  const { json, write = (line) => void process.stderr.write(line), now = () => new Date() } = options
  const record = (level: string, text: string, fields: Fields = {}): void => {
    const line = json
      ? JSON.stringify({ time: now().toISOString(), level, text, ...fields })
      : `${level} ${[text, ...Object.entries(fields).map(shown)].join(' ')}`
    // A record stays one line whatever a message has in it.
    write(`${line.replaceAll(/[\r\n]+/gu, ' ⏎ ')}\n`)
  }
  return {
    info: (text, fields) => record('info', text, fields),
    warn: (text, fields) => record('warning', text, fields),
    error: (text, fields) => record('error', text, fields),
  }
}

function shown([key, value]: readonly [string, string | number | boolean | undefined]): string {
  return value === undefined ? '' : `${key}=${/[\s"=]/u.test(String(value)) ? JSON.stringify(value) : value}`
}
