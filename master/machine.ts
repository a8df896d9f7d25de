import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { textOption, textsOption, type Call } from '../core/cli/command.ts'
import { EXIT, type ExitCode } from '../core/cli/exit.ts'
import { layoutOf, type Layout } from '../core/cli/layout.ts'
import { UserError } from '../core/errors.ts'
import { requireRelease, type Release } from '../core/release/release.ts'
import { installUnit, linkPrograms, makeFolder, requireRoot } from '../core/release/system.ts'
import { configFile, readConfig } from './config.ts'
import { Authority } from './pki/authority.ts'

const UNIT = 'butler-master.service'

/** The user that the master runs as: it decides, and needs no rights on its machine. */
const USER = 'butler'

/** Does what is missing, and says what it did. Throws `UserError`s. */
export async function setUpMachine(call: Call): Promise<ExitCode> {
  requireRoot('butler-master setup')
  const release = requireRelease(process.argv[1])
  const layout = layoutOf({ config: textOption(call, 'config'), root: textOption(call, 'root') })
  const owner = systemUser()
  const done = [
    ...owner.made,
    ...makeFolders(layout, owner),
    ...writeSettings(layout, release, textsOption(call, 'host')),
    ...(await makeAuthority(layout, owner)),
    ...linkPrograms(release),
    ...installUnit(release, UNIT),
  ]
  tell(call, release, done)
  return EXIT.ok
}

interface Owner {
  uid: number
  gid: number
  made: string[]
}

/** The master's user and group, made when there are none. */
function systemUser(): Owner {
  const known = idsOf(USER)
  if (known !== undefined) return { ...known, made: [] }
  const words = ['--system', '--user-group', '--home-dir', '/var/lib/butler', '--no-create-home']
  const { status, stderr } = spawnSync('useradd', [...words, '--shell', '/usr/sbin/nologin', USER], {
    encoding: 'utf8',
  })
  const made = idsOf(USER)
  if (status === 0 && made !== undefined) return { ...made, made: [`user ${USER}`] }
  throw new UserError('no-user', `The user '${USER}' could not be made: ${stderr.trim()}`)
}

function idsOf(user: string): { uid: number; gid: number } | undefined {
  const { stdout } = spawnSync('getent', ['passwd', user], { encoding: 'utf8' })
  const [, , uid, gid] = stdout.split(':')
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

/** The configuration stays root's: the master reads it. The rest is the master's own. */
function makeFolders(layout: Layout, { uid, gid }: Owner): string[] {
  const made = [
    ...makeFolder(layout.config, 0o755),
    ...makeFolder(layout.pki, 0o700),
    ...makeFolder(layout.data, 0o755),
    ...makeFolder(layout.cache, 0o755),
  ]
  for (const folder of [layout.pki, layout.data, layout.cache]) chownSync(folder, uid, gid)
  return made
}

/** Settings to begin with: the states of the release, until the operator names sources of their own. */
function writeSettings(layout: Layout, release: Release, hosts: readonly string[]): string[] {
  const file = configFile(layout)
  if (existsSync(file)) {
    // Better now than when the unit starts.
    readConfig(layout)
    return []
  }
  const sources = [{ name: 'butler', folder: release.home }]
  writeFileSync(file, `# Settings of the Butler master on this machine.\n${stringify({ names: hosts, sources })}`)
  return [file]
}

async function makeAuthority(layout: Layout, { uid, gid }: Owner): Promise<string[]> {
  const before = new Set(readdirSync(layout.pki))
  await Authority.open(layout.pki)
  const made = readdirSync(layout.pki).filter((name) => !before.has(name))
  for (const name of made) chownSync(join(layout.pki, name), uid, gid)
  return made.map((name) => join(layout.pki, name))
}

function tell({ io }: Call, release: Release, done: readonly string[]): void {
  io.data({ version: release.version, done })
  io.print(done.length === 0 ? 'Everything is set up already.' : done.map((what) => `made ${what}`).join('\n'))
  io.print("Next: name your sources in master.yaml, then 'systemctl enable --now butler-master'.")
}
