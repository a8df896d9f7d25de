import { cp, mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { PROJECT } from '../../packaging/bundle.ts'
import { debianSources, mirrorOf } from '../hosts/apt-sources.ts'
import { must, type Words } from '../../packaging/command.ts'
import type { DebianHost } from '../hosts/host.ts'

/** Where the bare repositories lie on the master's host, for everybody who may push to them. */
export const REPOSITORIES = '/srv/butler'

/** This checkout's own states, and over them what is so only here. */
export const SOURCES = ['butler', 'site'] as const

const FOLDERS = ['states', 'roles', 'orchestrations', 'pillar']

/** Makes the bare repositories on the master's host. */
export async function makeSources(master: DebianHost): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'butler-sources-'))
  try {
    await copySources(join(work, 'butler'))
    await mkdir(join(work, 'site/pillar'), { recursive: true })
    await writeFile(join(work, 'site/pillar/site.yaml'), stringify(await siteFacts()))
    for (const name of SOURCES) await makeRepository(join(work, name), join(master.root, REPOSITORIES, `${name}.git`))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Commits what lies in this checkout now to the master's repository, and has the master take it up. */
export async function pushSources(master: DebianHost): Promise<string> {
  // Not /tmp: there the host has a file system of its own, which can't be written to from outside.
  const clone = '/srv/checkout'
  const git = `git -C ${clone} -c user.name=Butler -c user.email=butler@localhost`
  const asOwner = 'runuser -u butler -- env HOME=/tmp sh -euc'
  await master.sh(
    `rm -rf ${clone} && install -d -o butler ${clone} && ${asOwner} 'git clone --quiet ${REPOSITORIES}/butler.git ${clone}'`,
  )
  await master.sh(`cd ${clone} && rm -rf ${FOLDERS.join(' ')}`)
  await copySources(join(master.root, clone))
  await master.sh(`chown -R butler:butler ${clone}`)
  const message = 'As it lies in the checkout now'
  await master.sh(
    `${asOwner} "${git} add --all && ${git} commit --quiet --allow-empty --message '${message}' && ${git} push --quiet"`,
  )
  return master.must(['butler-master', 'sources', 'update'])
}

async function copySources(to: string): Promise<void> {
  for (const folder of FOLDERS.filter((each) => existsSync(join(PROJECT, each)))) {
    await cp(join(PROJECT, folder), join(to, folder), { recursive: true })
  }
}

/** What only the site can know: where its machines get Debian from. */
async function siteFacts(): Promise<unknown> {
  const mirror = mirrorOf('bookworm', await debianSources('bookworm'))
  return { target: '*', pillar: { debian: { mirror } } }
}

async function makeRepository(from: string, bare: string): Promise<void> {
  const git = async (...words: string[]): Promise<string> => must(gitWords(from, words))
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'As it lies in the checkout')
  await must(['git', 'clone', '--quiet', '--bare', from, bare])
}

/** Nothing of this machine's own git configuration: no hooks, no signing. */
function gitWords(folder: string, words: readonly string[]): Words {
  const who = ['-c', 'user.name=Butler', '-c', 'user.email=butler@localhost', '-c', 'core.hooksPath=/dev/null']
  return ['git', '-C', folder, ...who, '-c', 'commit.gpgSign=false', ...words]
}
