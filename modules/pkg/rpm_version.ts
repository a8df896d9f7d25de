/** Compares two RPM versions `epoch:version-release` as rpm does: negative when the first is older. */
export function compareRpmVersions(one: string, other: string): number {
  const [a, b] = [parse(one), parse(other)]
  return a.epoch - b.epoch || compareParts(a.version, b.version) || comparableRelease(a.release, b.release)
}

/** A version that names no release means every release of it. */
function comparableRelease(one: string, other: string): number {
  return one === '' || other === '' ? 0 : compareParts(one, other)
}

function parse(text: string): { epoch: number; version: string; release: string } {
  const {
    epoch = '0',
    version = '',
    release = '',
  } = /^(?:(?<epoch>\d+):)?(?<version>[^-]*)(?:-(?<release>.*))?$/u.exec(text)?.groups ?? {}
  return { epoch: Number(epoch), version, release }
}

function compareParts(one: string, other: string): number {
  const [a, b] = [segments(one), segments(other)]
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = compareSegments(a[index], b[index])
    if (difference !== 0) return difference
  }
  return 0
}

/** Digits, letters, tildes and carets; all other signs only separate. */
function segments(text: string): string[] {
  return text.match(/\d+|[A-Za-z]+|~|\^/gu) ?? []
}

function compareSegments(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0
  if (one === '~' || other === '~') return one === '~' ? -1 : 1
  if (one === undefined || other === undefined) return one === undefined ? -1 : 1
  if (one === '^' || other === '^') return one === '^' ? -1 : 1
  const [isNumber, isOther] = [/^\d/u.test(one), /^\d/u.test(other)]
  if (isNumber !== isOther) return isNumber ? 1 : -1
  const [a, b] = isNumber ? [one.replace(/^0+/u, ''), other.replace(/^0+/u, '')] : [one, other]
  if (isNumber && a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
