import { parseArgs } from 'node:util'
import { layoutOf } from '../../core/cli/layout.ts'
import { keepCompiled } from '../../core/release/compile-cache.ts'
import { versionOf } from '../../core/release/version.ts'

// The agent and its workers are started by these words in just this form. They must stay small, and a worker fast, so
// they go past the library that reads command lines for people.
const words = process.argv.slice(2)
const version = versionOf(process.argv[1])
const plain = plainStart(words)
keepCompiled(process.argv[1], words)
if (words.length === 1 && words[0] === 'worker') {
  const { runWorker } = await import('../jobs/worker.ts')
  await runWorker()
} else if (plain !== undefined) {
  const [{ start }, { reportPlainly }] = await Promise.all([import('../main.ts'), import('./report.ts')])
  await start({ ...plain, version }).catch(reportPlainly)
} else {
  const [{ main }, { program }] = await Promise.all([import('../../core/cli/main.ts'), import('./program.ts')])
  await main(program, version, words)
}

/** `start` with nothing but its own options; anything else is for the library, which explains what is wrong. */
function plainStart(given: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: { config: { type: 'string' }, root: { type: 'string' }, 'log-json': { type: 'boolean' } },
    })
    if (positionals.length !== 1 || positionals[0] !== 'start') return undefined
    return { layout: layoutOf(values), logJson: values['log-json'] === true }
  } catch {
    return undefined
  }
}
