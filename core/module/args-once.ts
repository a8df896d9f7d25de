/**
 * The definition with its arguments' schema in place of the function that makes it. A program knows hundreds of them and
 * uses a few, and making one costs as much as a state's run.
 */
export function withArgs<Definition extends { readonly args: () => unknown }>(
  definition: Definition,
): Omit<Definition, 'args'> & { readonly args: unknown } {
  let made: unknown
  return {
    ...definition,
    get args() {
      return (made ??= definition.args())
    },
  }
}
