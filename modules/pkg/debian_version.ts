/** Compares two Debian versions `epoch:upstream-revision` as dpkg does: negative when the first is older. */
export function compareDebianVersions(one: string, other: string): number {
  const [a, b] = [parse(one), parse(other)]
  return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
}

function parse(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const dash = rest.lastIndexOf('-')
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  }
}

/** Runs of text and of digits in turn: text by dpkg's order of signs, digits as numbers. */
function compareParts(one: string, other: string): number {
  let [a, b] = [one, other]
  while (a !== '' || b !== '') {
    const [textA, textB] = [/^\D*/u.exec(a)?.[0] ?? '', /^\D*/u.exec(b)?.[0] ?? '']
    const byText = compareTexts(textA, textB)
    if (byText !== 0) return byText
    a = a.slice(textA.length)
    b = b.slice(textB.length)
    const [digitsA, digitsB] = [/^\d*/u.exec(a)?.[0] ?? '', /^\d*/u.exec(b)?.[0] ?? '']
    const byNumber = compareNumbers(digitsA, digitsB)
    if (byNumber !== 0) return byNumber
    a = a.slice(digitsA.length)
    b = b.slice(digitsB.length)
  }
  return 0
}

function compareTexts(one: string, other: string): number {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = weight(one[index]) - weight(other[index])
    if (difference !== 0) return difference
  }
  return 0
}

/** A tilde comes before the end, the end before letters, letters before everything else. */
function weight(sign: string | undefined): number {
  if (sign === undefined) return 0
  if (sign === '~') return -1
  const code = sign.codePointAt(0) ?? 0
  return /[A-Za-z]/u.test(sign) ? code : code + 256
}

/** Without leading zeros the longer one is larger; numbers may be too long for arithmetic. */
function compareNumbers(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+/u, ''), other.replace(/^0+/u, '')]
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
