import { createHash, randomUUID } from 'node:crypto'
import { access, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianSources, oneLine } from './apt-sources.ts'
import { must } from '../../packaging/command.ts'
import { cacheFolder } from './folders.ts'

const RELEASE = 'bookworm'

/** About what a cloud's Debian image has, and nothing that Butler should bring. */
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'iproute2',
  'iputils-ping',
  'ca-certificates',
  'curl',
  'procps',
  'netbase',
  'less',
  'python3-minimal',
]

const OWN_CAS = '/usr/local/share/ca-certificates'
const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'
const APT_PIECES = '/etc/apt/apt.conf.d'

/** The folder of the base image, made first when its recipe has changed or was never used here. */
export async function baseImage(note: (text: string) => void): Promise<string> {
  const sources = (await debianSources(RELEASE)).flatMap(oneLine)
  const pieces = await aptPieces()
  const cas = await ownCas()
  const recipe = JSON.stringify([1, RELEASE, PACKAGES, sources, pieces, cas])
  const digest = createHash('sha256').update(recipe).digest('hex').slice(0, 12)
  const image = join(cacheFolder(), `base-${RELEASE}-${digest}`)
  if (await exists(image)) return image
  note(`making the base image ${image}`)
  await mkdir(cacheFolder(), { recursive: true })
  const draft = `${image}.${randomUUID()}`
  try {
    await bootstrap(draft, sources, pieces)
    await adopt(draft, pieces, cas)
    await rename(draft, image)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Somebody else may have made the same one meanwhile.
    if (!(await exists(image))) throw error
  }
  return image
}

async function bootstrap(folder: string, sources: readonly string[], pieces: Record<string, string>): Promise<void> {
  const aptOptions = Object.values(pieces).flatMap((text) => [`--aptopt=${text.replaceAll(/^\s*(#|\/\/).*$/gmu, '')}`])
  await must([
    'mmdebstrap',
    '--quiet',
    '--variant=minbase',
    '--skip=cleanup/apt/lists',
    `--include=${PACKAGES.join(',')}`,
    ...aptOptions,
    RELEASE,
    folder,
    ...sources,
  ])
}

/** What this machine needs to reach its registries, the hosts need too; and nothing of apt's may run behind their backs. */
async function adopt(root: string, pieces: Record<string, string>, cas: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(pieces)) await writeFile(join(root, APT_PIECES, name), text)
  for (const [name, text] of Object.entries(cas)) await writeFile(join(root, OWN_CAS, name), text)
  await cp(CA_BUNDLE, join(root, CA_BUNDLE))
  await cp('/etc/pip.conf', join(root, 'etc/pip.conf')).catch(() => {})
  await writeFile(join(root, 'etc/default/locale'), 'LANG=C.UTF-8\n')
  await writeFile(join(root, 'etc/machine-id'), '')
  await must(['systemctl', `--root=${root}`, 'enable', 'systemd-networkd.service'])
  await must(['systemctl', `--root=${root}`, 'mask', 'apt-daily.timer', 'apt-daily-upgrade.timer', 'getty@.service'])
}

/** The pieces of apt's configuration that say how to download, without those that run commands. */
async function aptPieces(): Promise<Record<string, string>> {
  const all = await textsIn(APT_PIECES)
  return Object.fromEntries(
    Object.entries(all).filter(([, text]) => /^Acquire::(Check|http|https)/mu.test(text) && !text.includes('Invoke')),
  )
}

async function ownCas(): Promise<Record<string, string>> {
  return textsIn(OWN_CAS)
}

async function textsIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  const texts = files.toSorted().map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
