import { args, flag, source, text, texts } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { installedFact, requirePython } from './environment.ts'
import { install, installerArgs } from './installer.ts'
import { parseRequirement, parseRequirements, unmetIn, type Requirement } from './requirement.ts'

export const installed = state({
  summary: 'These Python packages are installed, in these versions. All that is missing comes in one go.',
  args: () =>
    args({
      name: text('A package, such as `uv==0.9.1`. Only a name when pkgs or requirements say what is wanted.'),
      pkgs: texts('Several packages.').optional(),
      requirements: source('A file of requirements: a source, or a path of the machine.').optional(),
      upgrade: flag(
        'To the newest versions that the requirements allow, whenever the state has something to do.',
      ).default(false),
      ...installerArgs,
    }),
  reports: { packages: 'By package: the version before and after.' },
  example: `
    uv:
      pip.installed:
        - name: uv==0.9.1
        - bin_env: /opt/airflow
  `,
  makes: () => [{ kind: 'package', name: 'python' }],
  async *plan(view, want) {
    const python = await requirePython(view, want.bin_env)
    const wants: Requirement[] = []
    if (want.requirements !== undefined) {
      wants.push(...parseRequirements(new TextDecoder().decode(await view.fetch(want.requirements))))
    }
    wants.push(...(want.pkgs ?? (want.requirements === undefined ? [want.name] : [])).map(parseRequirement))
    const unmet = await unmetIn(view, python, wants)
    if (unmet.length === 0) return `All ${wants.length} packages are installed`
    const shows = Object.fromEntries(
      unmet.map(({ requirement, has }) => [requirement.name, { old: has ?? '', new: requirement.specifier || 'any' }]),
    )
    yield change('packages', shows, [{ kind: 'package', name: 'python' }], async (host) => {
      // All of them, not only what is missing: what is there already is a bound for the rest.
      await install(
        host,
        want,
        wants.map(({ text }) => text),
        want.upgrade,
      )
      const now = await host.fact(installedFact(python))
      const done = unmet.map(({ requirement: { name }, has }) => [name, { old: has ?? '', new: now.get(name) ?? '' }])
      return { shows: Object.fromEntries(done), comment: `${unmet.length} packages were installed` }
    })
    return ''
  },
})
