import { createReadStream, type ReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Installable {
  size: number
  stream: ReadStream
}

/** The folder with the agent's packages and the script that installs them; anybody may have them. */
export class InstallFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** A file that lies directly in the folder. */
  async open(name: string): Promise<Installable | undefined> {
    // No slash and no leading dot: nothing but a plain name can be meant.
    if (!/^[a-z0-9][a-z0-9._-]*$/iu.test(name)) return undefined
    const handle = await open(join(this.#folder, name), 'r').catch(() => undefined)
    if (handle === undefined) return undefined
    const stat = await handle.stat()
    if (!stat.isFile()) {
      await handle.close()
      return undefined
    }
    return { size: stat.size, stream: createReadStream('', { fd: handle, autoClose: true }) }
  }

  /** The SHA-256 of each architecture's package: `x64 -> hex`. Empty when there are none. */
  async packages(): Promise<ReadonlyMap<string, string>> {
    const text = await readFile(join(this.#folder, 'SHA256SUMS'), 'utf8').catch(() => '')
    const lines = text.matchAll(/^([0-9a-f]{64}) [ *]butler-agent-linux-([a-z0-9]+)\.tar\.gz$/gmu)
    return new Map([...lines].map(([, sum = '', architecture = '']) => [architecture, sum]))
  }
}

/** One line for a root shell that installs and enrols a minion. The script comes from the pinned master or not at all. */
export function installLine(options: {
  host: string
  port: number
  pin: string
  caFingerprint: string
  token: string
  packages: ReadonlyMap<string, string>
}): string {
  const { host, port, pin, caFingerprint, token, packages } = options
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const words = ['--master', address, '--pin', `'${pin}'`, '--ca-fingerprint', caFingerprint, '--token', token]
  for (const [architecture, sum] of packages) words.push('--sha256', `${architecture}:${sum}`)
  const fetch = `curl -fsSk --pinnedpubkey '${pin}' https://${address}/install/agent.sh`
  return `script=$(${fetch}) && sh -c "$script" agent.sh ${words.join(' ')}`
}
