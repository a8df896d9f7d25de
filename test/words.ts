/** The words of a command line, as a shell splits them: quotes hold together. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'([^']*)'|"([^"]*)"|([^\s'"]+))/gu)].map(
    ([, one, two, plain]) => one ?? two ?? plain ?? '',
  )
}
