/** Handlebars' parser alone: the compiler and runtime, which Butler doesn't use, are most of the package. */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  export function parse(input: string): unknown
}
