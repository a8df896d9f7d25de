// Starts one of Butler's programs under a Node that runs its TypeScript as it is. The only JavaScript of the project:
// it must run on the old Node that a machine may have.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as modules from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const NEEDED = 24

/** Runs `entry`, a path from the project's root, in this process or in one of the Node that `npm ci` brought. */
export async function launch(entry) {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
    modules.enableCompileCache?.()
    await import(new URL(`../${entry}`, import.meta.url).href)
    return
  }
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(node)) {
    process.stderr.write(
      `error: Butler needs Node ${NEEDED}, this is ${process.version}, and the one of the project is not there.\n` +
        `  Run 'npm ci' in ${fileURLToPath(new URL('..', import.meta.url))} and try again.\n`,
    )
    process.exitCode = 2
    return
  }
  hand(node)
}

/** Hands over to the other Node: same words, same terminal, signals passed on, and its end becomes ours. */
function hand(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  // A terminal sends SIGINT to both; the child decides what it means.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`error: ${node} can't be started: ${error.message}\n`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}
