import { copyFile, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { stringify } from 'yaml'
import { PROJECT } from '../../packaging/bundle.ts'
import { must } from '../../packaging/command.ts'
import type { DebianHost } from '../hosts/host.ts'
import { openLab, type Lab } from '../hosts/lab.ts'
import { until } from '../hosts/until.ts'
import { HOSTS, LAB, MASTER } from './hosts.ts'
import { makeSources, REPOSITORIES, SOURCES } from './sources.ts'

type Note = (text: string) => void

const madeToken = z.object({ token: z.string(), caFingerprint: z.string(), install: z.string() })

const minionLines = z.array(z.object({ id: z.string(), connected: z.boolean() }))

/** Packs the project as it lies here; gives the release's archive. */
export async function makeRelease(note: Note): Promise<string> {
  note('packing the release')
  const packed = await must([process.execPath, join(PROJECT, 'packaging/package.ts'), 'x64'], { cwd: PROJECT })
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')))
  note(packed.trim())
  return join(PROJECT, 'dist', `butler-${version}-linux-x64.tar.gz`)
}

/** Boots the hosts, installs the master from the release, and lets every machine join it. */
export async function bringUp(release: string, note: Note): Promise<Lab> {
  const lab = await openLab({ name: LAB, hosts: HOSTS, known: [MASTER], note })
  await installMaster(lab.host(MASTER), release, note)
  await joinMaster(lab.host(MASTER))
  const others = HOSTS.filter((name) => name !== MASTER)
  const { install } = await makeToken(lab.host(MASTER), others)
  await Promise.all(
    others.map(async (name) => {
      await lab.host(name).sh(install)
      note(`${name} has joined`)
    }),
  )
  await until('all minions to be connected', async () => {
    const connected = await connectedMinions(lab.host(MASTER))
    return HOSTS.every((name) => connected.includes(name))
  })
  return lab
}

/** As the README tells an operator to do it: git, the archive, the sources, set-up, start. */
async function installMaster(master: DebianHost, release: string, note: Note): Promise<void> {
  note('installing the master')
  await master.sh(
    'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends git',
  )
  const archive = join('/root', basename(release))
  await copyFile(release, join(master.root, archive))
  await master.sh(`mkdir -p /opt/butler && tar -xzf ${archive} -C /opt/butler --strip-components=1 --no-same-owner`)
  await master.must(['/opt/butler/bin/butler-master', 'setup', '--host', MASTER, '--host', master.address])
  await makeSources(master)
  await master.sh(`chown -R butler:butler ${REPOSITORIES}`)
  await configureSources(master)
  await master.sh('systemctl enable --quiet --now butler-master.service')
  await until('the master to answer', async () => (await master.run(['butler-master', 'minions'])).exitCode === 0)
}

async function configureSources(master: DebianHost): Promise<void> {
  const sources = SOURCES.map((name) => ({ name, git: `${REPOSITORIES}/${name}.git`, branch: 'main' }))
  const file = '/etc/butler/master.yaml'
  const had = await master.read(file)
  await master.put(file, `${had.replace(/^sources:.*\n(?:[ -].*\n)*/mu, '')}${stringify({ sources })}`)
}

/** The master's own machine is a minion too, from the release that lies there already. */
async function joinMaster(master: DebianHost): Promise<void> {
  const { token, caFingerprint } = await makeToken(master, [MASTER])
  await master.must(['butler-minion', 'setup'])
  const pinned = ['--ca-fingerprint', caFingerprint, '--token', token]
  await master.must(['butler-minion', 'enroll', '--master', MASTER, ...pinned])
  await master.sh('systemctl enable --quiet --now butler-minion.service')
}

export async function makeToken(master: DebianHost, ids: readonly string[]): Promise<z.infer<typeof madeToken>> {
  const named = ids.flatMap((id) => ['--id', id])
  const uses = ['--uses', String(ids.length), '--expires', '1h']
  const made = await master.must(['butler-master', 'tokens', 'create', ...named, ...uses, '--json'])
  return madeToken.parse(JSON.parse(made))
}

export async function connectedMinions(master: DebianHost): Promise<string[]> {
  const lines = minionLines.parse(JSON.parse(await master.must(['butler-master', 'minions', '--json'])))
  return lines.filter(({ connected }) => connected).map(({ id }) => id)
}
