import { join } from 'node:path'
import type { Option } from './command.ts'

/** Where Butler keeps its files on a machine. `--config DIR` moves the configuration, `--root DIR` all of it. */
export interface Layout {
  /** `/etc/butler`: master.yaml, minion.yaml, tracker.yaml, grains.yaml. */
  config: string
  /** `/etc/butler/pki`, mode 0700. */
  pki: string
  /** `/var/lib/butler`: databases, spool, secrets. Must survive. */
  data: string
  /** `/var/cache/butler`: can be removed at any time. */
  cache: string
  /** `/run/butler`: sockets. */
  run: string
}

export function layoutOf(options: { config?: string | undefined; root?: string | undefined }): Layout {
  const root = options.root ?? '/'
  const config = options.config ?? join(root, 'etc/butler')
  return {
    config,
    pki: join(config, 'pki'),
    data: join(root, 'var/lib/butler'),
    cache: join(root, 'var/cache/butler'),
    run: join(root, 'run/butler'),
  }
}

/** The options of every program that `layoutOf` takes. */
export const LAYOUT_OPTIONS: readonly Option[] = [
  { flags: '--config <dir>', summary: 'The configuration folder; /etc/butler when left out' },
  { flags: '--root <dir>', summary: 'Keep everything under this folder, as an ordinary user can' },
]
