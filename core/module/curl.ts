/** curl, told all of its request by standard input: an argument could be seen in a list of processes, and may be a secret. */
export const CURL = ['curl', '--config', '-'] as const satisfies readonly string[]

/** What CURL is to read: its long options, by name. Those without a value are true; a list stands for one given several times. */
export function curlInput(options: Readonly<Record<string, string | true | readonly string[]>>): string {
  const lines = Object.entries(options).flatMap(([name, value]) => {
    if (value === true) return [name]
    return (typeof value === 'string' ? [value] : value).map((each) => `${name} = ${quoted(each)}`)
  })
  return ['silent', 'show-error', ...lines, ''].join('\n')
}

/** With these options, curl prints the status after the body: for `statusAndBody`. */
export const SAYING_STATUS = { 'write-out': '\n%{http_code}' }

/** What a server answered. */
export interface Answer {
  /** 200 and so on. */
  status: number
  body: string
}

export function statusAndBody(stdout: string): Answer {
  const end = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) }
}

/** As curl's configuration holds it. */
function quoted(value: string): string {
  return `"${value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)}"`
}
