const TOKEN = /\{\{+~?\s*([#/^]?)|\}\}|[()]/gu

/** How deeply the blocks and parentheses of a template nest: a scan that costs what reading the text costs. */
export function depthOf(text: string): number {
  let blocks = 0
  let parentheses = 0
  let inTag = false
  let deepest = 0
  for (const [token, sign] of text.matchAll(TOKEN)) {
    if (token.startsWith('{')) {
      inTag = true
      parentheses = 0
      if (sign === '#') blocks++
      else if (sign === '/') blocks--
    } else if (token === '}}') inTag = false
    else if (inTag) parentheses += token === '(' ? 1 : -1
    deepest = Math.max(deepest, blocks, parentheses)
  }
  return deepest
}
