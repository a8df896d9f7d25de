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
    for (const folder of FOLDERS.filter((each) => existsSync(join(PROJECT, each)))) {
      await cp(join(PROJECT, folder), join(work, 'butler', folder), { recursive: true })
    }
    await mkdir(join(work, 'site/pillar'), { recursive: true })
    await writeFile(join(work, 'site/pillar/site.yaml'), stringify(await siteFacts()))
    for (const name of SOURCES) await makeRepository(join(work, name), join(master.root, REPOSITORIES, `${name}.git`))
  } finally {
    await rm(work, { recursive: true, force: true })
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
