import type { Option, Program } from '../../core/cli/command.ts'

export const JSON_SCHEMA = 'butler.tracker/1'

// The flags that several commands take, spelt as they always were.

export const WORKFLOW_ID = option('-w, --workflow_id <id>', 'The id of a workflow')
export const ANALYSIS_ID = option('-a, --analysis_id <id>', 'The id of an analysis')
export const RUN_ID = option('-r, --analysis_run_id <id>', 'The id of an analysis run')
export const CONFIG_FILE = option('-c, --config_file_location <file>', 'The file with the configuration, JSON or YAML')
export const ID_FROM_FILENAME = option(
  '-f, --id_from_filename',
  'The configuration gets the id that its file is named after',
)
export const DETACH = option('--detach', 'Do not watch: start it and return')

export function required(given: Option): Option {
  return { ...given, required: true }
}

function option(flags: string, summary: string): Option {
  return { flags, summary }
}

/** `--workflow-name` for `--workflow_name`: both spellings are taken. Words after `--` stay as they are. */
export function underscored(program: Program, words: readonly string[]): string[] {
  const flags = program.commands
    .flatMap((command) => command.options ?? [])
    .flatMap(({ flags }) => flags.match(/--\w+/gu) ?? [])
  const known = new Set(flags)
  const end = words.indexOf('--')
  return words.map((word, index) => {
    if (!word.startsWith('--') || (end !== -1 && index >= end)) return word
    const [flag = '', ...value] = word.split('=')
    const other = `--${flag.slice(2).replaceAll('-', '_')}`
    return known.has(other) ? [other, ...value].join('=') : word
  })
}
