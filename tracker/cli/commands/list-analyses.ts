import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { formatTable } from '../../../core/cli/table.ts'
import { JSON_SCHEMA } from '../flags.ts'
import { analysisShape } from '../shapes.ts'

const COLUMNS = [
  'analysis_id',
  'analysis_name',
  'start_date',
  'created_date',
  'last_updated_date',
  'config_id',
] as const

export const listAnalyses: Command = {
  name: 'list-analyses',
  summary: 'List all analyses',
  examples: ['butler list-analyses', 'butler list-analyses --json'],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { listAnalyses } = await import('../../store/analyses.ts')
    const analyses = await withTracker(call, ({ database }) => listAnalyses(database.queries))
    const shapes = analyses.map(analysisShape)
    const rows = shapes.map((shape) => COLUMNS.map((column) => shape[column]?.toString() ?? '-'))
    call.io.print(formatTable(COLUMNS, rows))
    call.io.data({ schema: JSON_SCHEMA, ok: true, analyses: shapes })
    return EXIT.ok
  },
}
