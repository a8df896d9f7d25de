/** CSV with a line of column names, as `psql --csv` writes it: one map of texts a row. */
export function parseCsv(text: string): Record<string, string>[] {
  const [columns = [], ...rest] = records(text)
  return rest.map((record) => Object.fromEntries(columns.map((column, index) => [column, record[index] ?? ''])))
}

/** A field in quotes may hold commas, line ends, and quotes written twice. */
function records(text: string): string[][] {
  const all: string[][] = []
  let fields: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n|$)/gu)) {
    if (quoted === undefined && plain === '' && end === '' && fields.length === 0) break
    fields.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    all.push(fields)
    fields = []
  }
  return all
}
