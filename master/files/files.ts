/** What one minion may fetch by digest: what its own open jobs name, and nothing else. */
export class Files {
  readonly #mayFetch: (id: string, digest: string) => Promise<{ low: string } | 'file' | undefined>
  readonly #blob: (digest: string) => Promise<Uint8Array | undefined>

  constructor(parts: {
    mayFetch: (id: string, digest: string) => Promise<{ low: string } | 'file' | undefined>
    blob: (digest: string) => Promise<Uint8Array | undefined>
  }) {
    this.#mayFetch = parts.mayFetch
    this.#blob = parts.blob
  }

  /** `undefined` both for what does not exist and for what is not this minion's: it can't tell which. */
  async read(id: string, digest: string): Promise<Uint8Array | undefined> {
    const allowed = await this.#mayFetch(id, digest)
    if (allowed === undefined) return undefined
    return allowed === 'file' ? this.#blob(digest) : Buffer.from(allowed.low)
  }
}
