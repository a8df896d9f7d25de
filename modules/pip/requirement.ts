import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'
import { installedFact, plainName } from './environment.ts'

/** One line of what is wanted: `uv==0.9.1`, `celery[redis]<5.7`, `flower`. */
export interface Requirement {
  readonly name: string
  /** As written, with its specifiers; empty for any version. */
  readonly specifier: string
  readonly text: string
}

/** Reads one requirement (PEP 508) without markers and addresses. Throws when it is none. */
export function parseRequirement(text: string): Requirement {
  const [, name, specifier] =
    /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*((?:[~=!<>]=?=?\s*[^;#@]+)?)\s*$/u.exec(text) ?? []
  if (name !== undefined && specifier !== undefined) {
    return { name: plainName(name), specifier: specifier.replace(/\s+/gu, ''), text: text.trim() }
  }
  throw new UserError('bad-requirement', `'${text.trim()}' is no requirement that can be checked.`, {
    hint: 'Write it as name, name==1.2 or name[extra]>=1,<2.',
  })
}

/** The requirements of a file: comments and options of pip are left out. */
export function parseRequirements(content: string): Requirement[] {
  return content
    .split(/\r?\n/u)
    .map((line) => line.replace(/(?:^|\s)#.*$/u, '').trim())
    .filter((line) => line !== '' && !line.startsWith('-'))
    .map((line) => parseRequirement(line.replace(/\s*\\$/u, '').replace(/\s*--hash=.*$/u, '')))
}

export interface Unmet {
  readonly requirement: Requirement
  /** The version that is there; `undefined` for none. */
  readonly has: string | undefined
}

/** Those that what is installed does not fulfil. */
export async function unmetIn(view: View, python: string, wants: readonly Requirement[]): Promise<Unmet[]> {
  const installed = await view.fact(installedFact(python))
  const unmet: Unmet[] = []
  for (const requirement of wants) {
    const has = installed.get(requirement.name)
    if (has === undefined || !(await fulfils(view, python, has, requirement.specifier)))
      unmet.push({ requirement, has })
  }
  return unmet
}

async function fulfils(view: View, python: string, version: string, specifier: string): Promise<boolean> {
  if (specifier === '') return true
  const [, exact] = /^={2,3}([^*,]+)$/u.exec(specifier) ?? []
  if (exact !== undefined && exact === version) return true
  // How versions compare is Python's own business (PEP 440): pip brings its rules along.
  const { exitCode, stderr } = await view.query([python, '-I', '-c', COMPARE, version, specifier])
  if (exitCode < 2) return exitCode === 0
  throw new UserError('python-failed', `${python} can't compare ${version} with ${specifier}: ${lastLine(stderr)}`)
}

const COMPARE = `
import sys
try:
    from packaging.specifiers import SpecifierSet
except ImportError:
    try:
        from pip._vendor.packaging.specifiers import SpecifierSet
    except ImportError:
        sys.stderr.write("neither packaging nor pip is there"); sys.exit(2)
try:
    sys.exit(0 if SpecifierSet(sys.argv[2]).contains(sys.argv[1], prereleases=True) else 1)
except ValueError as error:
    sys.stderr.write(str(error)); sys.exit(3)
`

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
