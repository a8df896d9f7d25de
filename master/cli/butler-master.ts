import { keepCompiled } from '../../core/release/compile-cache.ts'
import { versionOf } from '../../core/release/version.ts'

// The version is asked for by scripts, over and over: it is said before the library that reads command lines is loaded.
const words = process.argv.slice(2)
const version = versionOf(process.argv[1])
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  keepCompiled(process.argv[1], words)
  const [{ main }, { program }] = await Promise.all([import('../../core/cli/main.ts'), import('./program.ts')])
  await main(program, version, words)
}
