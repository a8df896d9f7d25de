import type { Command } from '../core/cli/command.ts'
import { EXIT } from '../core/cli/exit.ts'
import { layoutOf, type Layout } from '../core/cli/layout.ts'
import { requireRelease } from '../core/release/release.ts'
import { installUnit, linkPrograms, makeFolder, requireRoot } from '../core/release/system.ts'

export const UNIT = 'butler-minion.service'

export const setup: Command = {
  name: 'setup',
  summary: "Makes the minion part of this machine: folders, links in /usr/bin, systemd's unit. Can be run again.",
  examples: ['butler-minion setup'],
  run({ io }) {
    requireRoot('butler-minion setup')
    const release = requireRelease(process.argv[1])
    const done = [...makeFolders(layoutOf({})), ...linkPrograms(release), ...installUnit(release, UNIT)]
    io.data({ version: release.version, done })
    io.print(done.length === 0 ? 'Everything is set up already.' : done.map((path) => `made ${path}`).join('\n'))
    return Promise.resolve(EXIT.ok)
  },
}

function makeFolders(layout: Layout): string[] {
  return [
    makeFolder(layout.config, 0o755),
    makeFolder(layout.pki, 0o700),
    makeFolder(layout.data, 0o755),
    makeFolder(layout.cache, 0o755),
  ].flat()
}
