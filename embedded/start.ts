// npm start: a master and three minions on this machine, a deployment, and an analysis, with the very programs and
// commands that a cluster is run with. Reads like the list of what it does.
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { formatPlace, userErrorsOf } from '../core/errors.ts'
import { joinMinion, startMaster } from './cluster.ts'
import { FOLDER, MINIONS } from './folder.ts'
import { endAll, recordSelf } from './processes.ts'
import { runQuietly, runShown } from './programs.ts'
import { Progress } from './progress.ts'
import { ANALYSIS, master, tracker, whatNext } from './road.ts'
import { makeSources } from './sources.ts'

const HELP = `npm start [-- --stay]

Starts a master and three minions below .butler/, deploys to them, and runs the test analysis. What an earlier
'npm start' left there is ended and removed first.

  --stay   keep everything up afterwards, until Ctrl-C
  --help   show this`

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())

process.exitCode = await start()

async function start(): Promise<number> {
  const { values } = parseArgs({ options: { stay: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  try {
    await walk(interrupted.signal)
    if (values.stay) await stay(interrupted.signal)
    return 0
  } catch (thrown) {
    if (interrupted.signal.aborted) {
      process.stderr.write('\nInterrupted; everything that was started is ended.\n')
      return 130
    }
    return complain(thrown)
  } finally {
    await endAll()
  }
}

/** The whole road, step by step. */
async function walk(signal: AbortSignal): Promise<void> {
  const progress = new Progress(5)
  const sources = await progress.step('A folder of its own, with git repositories of states and roles', async () => {
    await endAll()
    rmSync(FOLDER, { recursive: true, force: true })
    recordSelf()
    return makeSources()
  })
  const invitation = await progress.step('A master, with its own certificate authority', () =>
    startMaster(sources, signal),
  )
  await progress.step(`Three minions join with a token: ${MINIONS.join(', ')}`, async () => {
    for (const id of MINIONS) await joinMinion(id, invitation, signal)
  })
  await progress.step('The deployment', async () => {
    await runShown(master('mine', 'update', '*'), signal)
    await runShown(master('orchestrate', 'deploy'), signal)
  })
  await progress.step('The analysis', async () => {
    for (const words of ANALYSIS) await runShown(tracker(...words), signal)
  })
  const said = await runQuietly(tracker('run-log', '-r', '1'), signal)
  process.stdout.write(
    `\nThe run of the analysis said:\n\n${said.trim()}\n\nAll of it took ${progress.elapsed()}.\n\n${whatNext()}\n`,
  )
}

async function stay(signal: AbortSignal): Promise<void> {
  process.stdout.write('\nEverything stays up until Ctrl-C.\n')
  await new Promise<void>((resolve) => {
    // An open timer keeps the process alive while it waits for the signal.
    const alive = setInterval(() => undefined, 60_000)
    const end = (): void => {
      clearInterval(alive)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function complain(thrown: unknown): number {
  const errors = userErrorsOf(thrown)
  if (errors === undefined) throw thrown
  for (const error of errors) {
    process.stderr.write(`\nerror: ${error.message}\n`)
    if (error.at) process.stderr.write(`  at ${formatPlace(error.at)}\n`)
    if (error.hint) process.stderr.write(`  ${error.hint}\n`)
  }
  return 1
}
