/** curl, told all of its request by standard input: an argument could be seen in a list of processes, and may be a secret. */
export const CURL = ['curl', '--config', '-'] as const satisfies readonly string[]

/** What CURL is to read: its long options, by name. */
export function curlInput(options: Readonly<Record<string, string>>): string {
  const lines = Object.entries(options).map(([name, value]) => `${name} = ${quoted(value)}`)
  return ['silent', 'show-error', ...lines, ''].join('\n')
}

/** As curl's configuration holds it. */
function quoted(value: string): string {
  return `"${value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)}"`
}
