import { UserError } from '../../core/errors.ts'
import { fact, type Fact } from '../../core/module/fact.ts'
import type { View } from '../../core/module/view.ts'

/** The Python of an environment; without one the machine's own. */
export function pythonOf(binEnv: string | undefined): string {
  if (binEnv === undefined) return 'python3'
  // As in Salt: the folder of a virtual environment, or a Python or pip of one.
  return /\/bin\/[^/]+$/u.test(binEnv)
    ? binEnv.replace(/\/[^/]+$/u, '/python')
    : `${binEnv.replace(/\/+$/u, '')}/bin/python`
}

/** Throws when the environment's Python is not there, unless an earlier change makes it. */
export async function requirePython(view: View, binEnv: string | undefined): Promise<string> {
  const python = pythonOf(binEnv)
  const { exitCode } = await view.query([python, '--version'])
  if (exitCode === 0) return python
  if (binEnv === undefined) view.missing({ kind: 'package', name: 'python3' })
  else view.missing({ kind: 'path', name: binEnv })
  throw new UserError('no-python', `There is no Python at ${python}.`, {
    hint: 'Make the environment with virtualenv.managed, and require that state here.',
  })
}

/** What is installed: versions by name, names as PEP 503 writes them. */
export function installedFact(python: string): Fact<ReadonlyMap<string, string>> {
  return fact({
    name: `packages of ${python}`,
    stale: ['package', 'path'],
    async read(view) {
      const { exitCode, stdout, stderr } = await view.query([python, '-I', '-c', LIST])
      if (exitCode !== 0) throw new UserError('python-failed', `${python} can't list its packages: ${stderr.trim()}`)
      return parseList(stdout)
    },
  })
}

const LIST = `
import importlib.metadata as metadata
for found in metadata.distributions():
    if found.metadata["Name"]: print(found.metadata["Name"], found.version)
`

/** Lines of a name and a version. The first of a name is the one that Python would import. */
export function parseList(stdout: string): ReadonlyMap<string, string> {
  const rows = stdout.split('\n').flatMap((line): [string, string][] => {
    const [name, version] = line.split(' ')
    return name === undefined || version === undefined ? [] : [[plainName(name), version]]
  })
  return new Map(rows.toReversed())
}

/** PEP 503: case and the kind of separator do not count. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/gu, '-')
}
