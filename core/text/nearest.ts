/** The candidate that a person most likely meant, or `undefined` when none is near enough to name. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // Any letter is near to any other: a word of one letter is near to itself alone.
  const allowed = word.length < 2 ? 0 : Math.max(1, Math.floor(word.length / 3))
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > allowed) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate
}

/** `Did you mean 'x'?` when something is near, else the choices when they are few. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates]
  const near = nearest(word, all)
  if (near !== undefined) return `Did you mean '${near}'?`
  return all.length > 0 && all.length <= 12 ? `There is: ${all.join(', ')}.` : undefined
}

/** Insertions, deletions, replacements and swaps of neighbours, each counted as one. */
export function editDistance(from: string, to: string): number {
  let older: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) cost = Math.min(cost, at(older, column - 2) + 1)
      current.push(cost)
    }
    older = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
