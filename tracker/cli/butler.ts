import manifest from '../../package.json' with { type: 'json' }
import { main } from '../../core/cli/main.ts'
import { underscored } from './flags.ts'
import { program } from './program.ts'

await main(program, manifest.version, underscored(program, process.argv.slice(2)))
