import { args, flag, path, text } from '../../core/module/args.ts'
import { UserError } from '../../core/errors.ts'
import { change } from '../../core/module/change.ts'
import { state } from '../../core/module/state.ts'

export const managed = state({
  summary: 'A virtual environment of Python lies there, with a Python that works.',
  args: () =>
    args({
      name: path('Its folder.'),
      python: text('The Python that it is made of.').default('python3'),
      system_site_packages: flag("Whether it sees the machine's own packages.").default(false),
      clear: flag('Makes it anew when its Python does not work. What lies in the folder is lost.').default(true),
      user: text('The user to make it as.').optional(),
    }),
  reports: { environment: '`new`, or why it was made anew.' },
  example: `
    /opt/airflow:
      virtualenv.managed: []
  `,
  makes: (want) => [{ kind: 'path', name: want.name }],
  async *plan(view, want) {
    const works = async (): Promise<boolean> =>
      (await view.query([`${want.name}/bin/python`, '-c', 'import pip'])).exitCode === 0
    const isThere = (await view.stat(`${want.name}/bin/python`)) !== undefined
    if (isThere && (await works())) return `The environment ${want.name} is there`
    const { exitCode } = await view.query([want.python, '-c', 'import venv, ensurepip'])
    if (exitCode !== 0) {
      view.missing({ kind: 'package', name: 'python3-venv' })
      throw new UserError('no-venv', `${want.python} can't make virtual environments.`, {
        hint: 'On Debian install python3-venv with pkg.installed, and require that state here.',
      })
    }
    const shows = isThere ? 'its Python does not work: made anew' : 'new'
    yield change('environment', shows, [{ kind: 'path', name: want.name }], async (host) => {
      const words = [
        ...(want.system_site_packages ? ['--system-site-packages'] : []),
        ...(isThere && want.clear ? ['--clear'] : []),
      ]
      await host.run([want.python, '-m', 'venv', ...words, want.name], { check: true, runas: want.user })
    })
    return ''
  },
})
