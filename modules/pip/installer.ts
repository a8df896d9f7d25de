import { flag, environment, text, texts } from '../../core/module/args.ts'
import type { Host } from '../../core/module/host.ts'
import { pythonOf } from './environment.ts'

/** How packages are fetched and by whom; the arguments that the states have for it. */
export const installerArgs = {
  bin_env: text('The virtual environment: its folder, or its pip. Else the machine’s own Python.').optional(),
  user: text('The user to install as.').optional(),
  index_url: text('The package index, instead of the one that pip or uv is set up with.').optional(),
  extra_index_url: text('One more package index.').optional(),
  find_links: text('A folder or page with packages.').optional(),
  no_index: flag('Only what find_links has.').default(false),
  no_deps: flag('Without what the packages depend on.').default(false),
  pre_releases: flag('Also versions that are not released yet.').default(false),
  extra_args: texts('More options for pip or uv.').default([]),
  env_vars: environment('Environment variables, such as UV_SYSTEM_CERTS.').default({}),
  use_uv: flag('By uv, which must be in the environment: many times faster than pip.').default(false),
}

export interface Installer {
  bin_env?: string | undefined
  user?: string | undefined
  index_url?: string | undefined
  extra_index_url?: string | undefined
  find_links?: string | undefined
  no_index: boolean
  no_deps: boolean
  pre_releases: boolean
  extra_args: readonly string[]
  env_vars: Readonly<Record<string, string>>
  use_uv: boolean
}

/** Installs what the lines ask for; they go in by standard input, so that there is no limit to them. */
export async function install(host: Host, how: Installer, lines: readonly string[], upgrade: boolean): Promise<void> {
  const words = [
    ...(upgrade ? ['--upgrade'] : []),
    ...(how.no_deps ? ['--no-deps'] : []),
    ...(how.pre_releases ? [how.use_uv ? '--prerelease=allow' : '--pre'] : []),
    ...indexWords(how),
    ...how.extra_args,
    '-r',
    '/dev/stdin',
  ]
  await host.run(command(how, ['install', ...words]), options(how, lines))
}

export async function uninstall(host: Host, how: Installer, names: readonly string[]): Promise<void> {
  const words = how.use_uv ? ['uninstall'] : ['uninstall', '-y']
  await host.run(command(how, [...words, '-r', '/dev/stdin']), options(how, names))
}

function command({ bin_env, use_uv }: Installer, words: readonly string[]): [string, ...string[]] {
  const python = pythonOf(bin_env)
  // `cat` makes of the standard input a pipe that can be opened as /dev/stdin.
  const [verb = '', ...rest] = words
  const argv = use_uv
    ? [python.replace(/[^/]*$/u, 'uv'), 'pip', verb, '--python', python, ...rest]
    : [python, '-m', 'pip', verb, '--disable-pip-version-check', '--no-input', ...rest]
  return ['sh', '-c', 'cat | "$@"', 'sh', ...argv]
}

function options({ user, env_vars }: Installer, lines: readonly string[]) {
  return { check: true, runas: user, env: env_vars, input: `${lines.join('\n')}\n` }
}

function indexWords({ index_url, extra_index_url, find_links, no_index }: Installer): string[] {
  return [
    ...(index_url === undefined ? [] : ['--index-url', index_url]),
    ...(extra_index_url === undefined ? [] : ['--extra-index-url', extra_index_url]),
    ...(find_links === undefined ? [] : ['--find-links', find_links]),
    ...(no_index ? ['--no-index'] : []),
  ]
}
