import type { Command } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'Print a JSON Schema of state files, for editors',
  details:
    'With it an editor completes and explains states and their arguments. The YAML language server (VS Code, Neovim, ' +
    'Emacs ...) takes it from a comment in the first line: # yaml-language-server: $schema=states.schema.json',
  examples: ['butler-master schema > states.schema.json'],
  async run(call) {
    const [{ stateFileSchema }, { catalog }] = await Promise.all([
      import('../../core/compile/editor-schema.ts'),
      import('../../modules/catalog.ts'),
    ])
    const schema = stateFileSchema(catalog)
    call.io.data(schema)
    call.io.print(JSON.stringify(schema, null, 2))
    return EXIT.ok
  },
}
