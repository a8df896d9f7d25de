/** The code of an error of the system or a database, such as `ENOENT` or `28P01`; empty when it has none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
