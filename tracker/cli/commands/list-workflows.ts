import type { Command } from '../../../core/cli/command.ts'
import { EXIT } from '../../../core/cli/exit.ts'
import { formatTable } from '../../../core/cli/table.ts'
import { JSON_SCHEMA } from '../flags.ts'
import { workflowShape } from '../shapes.ts'

const COLUMNS = [
  'workflow_id',
  'workflow_name',
  'workflow_version',
  'created_date',
  'last_updated_date',
  'config_id',
] as const

export const listWorkflows: Command = {
  name: 'list-workflows',
  summary: 'List all workflows',
  examples: ['butler list-workflows', 'butler list-workflows --json'],
  async run(call) {
    const { withTracker } = await import('../../api/tracker.ts')
    const { listWorkflows } = await import('../../store/workflows.ts')
    const workflows = await withTracker(call, ({ database }) => listWorkflows(database.queries))
    const shapes = workflows.map(workflowShape)
    const rows = shapes.map((shape) => COLUMNS.map((column) => String(shape[column])))
    call.io.print(formatTable(COLUMNS, rows))
    call.io.data({ schema: JSON_SCHEMA, ok: true, workflows: shapes })
    return EXIT.ok
  },
}
