import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { must } from './command.ts'
import { PROJECT, type Architecture } from './bundle.ts'

const manifest = z.object({ version: z.string() })

/**
 * The Node program for Linux on an architecture: the project's own one, or the same version for the other architecture
 * from the npm registry, kept in a cache. `undefined` when it isn't there and the registry can't be reached.
 */
export async function nodeRuntime(architecture: Architecture): Promise<string | undefined> {
  const own = join(PROJECT, 'node_modules/node')
  if (process.platform === 'linux' && process.arch === architecture) return join(own, 'bin/node')
  const { version } = manifest.parse(JSON.parse(await readFile(join(own, 'package.json'), 'utf8')))
  const cached = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'butler-packaging', version)
  const program = join(cached, `node-linux-${architecture}`)
  return fetchRuntime(`node-linux-${architecture}@${version}`, program).catch(() => undefined)
}

async function fetchRuntime(published: string, program: string): Promise<string> {
  if (await readable(program)) return program
  const draft = await mkdtemp(join(tmpdir(), 'butler-runtime-'))
  try {
    const packed = await must(['npm', 'pack', '--silent', '--pack-destination', draft, published], { cwd: draft })
    await must(['tar', '-xzf', join(draft, packed.trim()), '-C', draft, 'package/bin/node'])
    await mkdir(join(program, '..'), { recursive: true })
    await copyFile(join(draft, 'package/bin/node'), `${program}.new`)
    await rename(`${program}.new`, program)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return program
}

async function readable(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  )
}
