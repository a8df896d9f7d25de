import { args, text, texts } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'
import { installedFact, plainName, requirePython } from './environment.ts'
import { installerArgs, uninstall } from './installer.ts'

export const removed = state({
  summary: 'These Python packages are not installed.',
  args: () => args({ name: text('A package.'), pkgs: texts('Several packages.').optional(), ...installerArgs }),
  reports: { packages: 'By package: the version that it had.' },
  example: `
    flower:
      pip.removed:
        - bin_env: /opt/airflow
  `,
  async *plan(view, want) {
    const python = await requirePython(view, want.bin_env)
    const has = await view.fact(installedFact(python))
    const there = (want.pkgs ?? [want.name]).map(plainName).filter((name) => has.has(name))
    if (there.length === 0) return 'None of these packages is installed'
    const shows = Object.fromEntries(there.map((name) => [name, { old: has.get(name) ?? '', new: '' }]))
    yield change('packages', shows, [{ kind: 'package', name: 'python' }], (host) => uninstall(host, want, there))
    return ''
  },
})
