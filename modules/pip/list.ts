import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { installedFact, requirePython } from './environment.ts'

export const list = fn({
  summary: 'Answers the Python packages that are installed, with their versions.',
  args: () => args({ bin_env: text('The virtual environment. Else the machine’s own Python.').optional() }),
  example: 'pip.list bin_env=/opt/airflow',
  changes: false,
  async run(view, want) {
    const found = await view.fact(installedFact(await requirePython(view, want.bin_env)))
    return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  },
})
