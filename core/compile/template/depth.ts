const TAG = /\\?\{\{+~?\s*([#/^]?)|\(|\)/gu

/** How deeply the blocks and parentheses of a template nest, at least: a scan that costs what reading the text costs. */
export function depthOf(text: string): number {
  let blocks = 0
  let parentheses = 0
  let deepest = 0
  for (const [tag, sign] of text.matchAll(TAG)) {
    if (tag === '(') parentheses++
    else if (tag === ')') parentheses = Math.max(0, parentheses - 1)
    else {
      parentheses = 0
      if (sign === '#') blocks++
      else if (sign === '/') blocks = Math.max(0, blocks - 1)
    }
    deepest = Math.max(deepest, blocks, parentheses)
  }
  return deepest
}
