import { build, type Metafile, type Plugin } from 'esbuild'
import { fileURLToPath } from 'node:url'

/** A program's name and where its source starts, from the project's root. */
export type Entries = Readonly<Record<string, string>>

/** What a minion's machine gets: the agent, and the tracker, which the minion's role may switch on. */
export const AGENT_PROGRAMS: Entries = {
  'butler-minion': 'minion/cli/butler-minion.ts',
  'butler-call': 'minion/cli/butler-call.ts',
  butler: 'tracker/cli/butler.ts',
}

/** What the master's machine gets, which is a minion too. */
export const MASTER_PROGRAMS: Entries = { 'butler-master': 'master/cli/butler-master.ts', ...AGENT_PROGRAMS }

export const PROJECT = fileURLToPath(new URL('..', import.meta.url))

export type Architecture = 'x64' | 'arm64'

/**
 * Bundles programs into a folder: one small file each, and what they load on demand in files beside them. Nothing of it
 * depends on the machine but the prebuilt database driver.
 */
export async function bundle(entries: Entries, folder: string, architecture: Architecture): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: Object.entries(entries).map(([out, from]) => ({ in: from, out })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
    chunkNames: 'parts/[name]-[hash]',
    loader: { '.node': 'copy' },
    alias: { 'better-sqlite3': `better-sqlite3/linux-${architecture}` },
    external: ['pg-native'],
    plugins: [leaveOutReporting],
    // Libraries in the older module form ask for Node's own modules with `require`.
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
    },
  })
  return metafile
}

/** Logging in a thread of its own needs files that stay separate; Butler logs in its own thread. */
const leaveOutReporting: Plugin = {
  name: 'leave-out-log-threads',
  setup(builder) {
    builder.onResolve({ filter: /^thread-stream$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
    builder.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = undefined' }))
  },
}

/** The source files that a program loads when it starts, before anything is loaded on demand. */
export function loadedAtStart(metafile: Metafile, program: string): Set<string> {
  const outputs = new Map(Object.entries(metafile.outputs))
  const first = [...outputs].find(([, { entryPoint }]) => entryPoint === program)?.[0]
  const files = new Set<string>()
  const visit = (output: string | undefined): void => {
    const found = output === undefined ? undefined : outputs.get(output)
    if (output === undefined || found === undefined || files.has(output)) return
    files.add(output)
    for (const { path, kind } of found.imports) if (kind === 'import-statement') visit(path)
  }
  visit(first)
  return new Set([...files].flatMap((file) => Object.keys(outputs.get(file)?.inputs ?? {})))
}
