const UNITS = ['', 'K', 'M', 'G', 'T']

/** `8G`, `512M` (or `8GiB`) in bytes, by powers of 1024; nothing when the text is no size. */
export function parseSize(text: string): number | undefined {
  const found = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[KMGT]?)(?:i?B)?$/iu.exec(text.trim())?.groups
  if (found === undefined) return undefined
  return Math.round(Number(found['amount']) * 1024 ** UNITS.indexOf((found['unit'] ?? '').toUpperCase()))
}

export function formatSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${power === 0 ? 'B' : `${UNITS[power]}iB`}`
}
