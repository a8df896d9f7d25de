import type { Data, DataMap } from '../../core/data.ts'
import { UserError, UserErrors, userErrorsOf } from '../../core/errors.ts'
import { lookUp, renderArgument } from './template.ts'
import type { Resources, TaskDefinition, WorkflowDefinition } from './workflow.ts'

/** One program to run in one run of a workflow: a task, or one of a task's `for_each`. */
export interface PlannedTask {
  /** `call`, or `call[2]` for the third of its items. Unique in the run. */
  id: string
  task: string
  item: Data | undefined
  command: readonly string[]
  needs: readonly string[]
  retries: number
  timeoutMs: number | undefined
  resources: Resources
}

/** What the values in a command may name. */
export interface PlanContext {
  config: DataMap
  run: { id: number; attempt: number; folder: string }
  workflow: { name: string; version: string; folder: string }
  analysis: { id: number; name: string }
}

/** The same before the run is on a machine: with no folders, which no command can be checked by anyway. */
export function contextOf(
  config: DataMap,
  run: { id: number; attempt: number },
  workflow: { name: string; version: string },
  analysis: { id: number; name: string },
): PlanContext {
  return {
    config,
    run: { id: run.id, attempt: run.attempt, folder: '' },
    workflow: { name: workflow.name, version: workflow.version, folder: '' },
    analysis: { id: analysis.id, name: analysis.name },
  }
}

/** Every program of a run with its final arguments, or `UserErrors` with all values that are missing or unfit. */
export function planRun(workflow: WorkflowDefinition, context: PlanContext): PlannedTask[] {
  const data: DataMap = {
    config: context.config,
    run: context.run,
    workflow: context.workflow,
    analysis: context.analysis,
  }
  const errors: UserError[] = []
  const planned = workflow.tasks.flatMap((task) => {
    try {
      return planTask(workflow, task, data)
    } catch (thrown) {
      errors.push(...errorsIn(thrown))
      return []
    }
  })
  if (errors.length > 0) throw new UserErrors(errors)
  return planned
}

function planTask(workflow: WorkflowDefinition, task: TaskDefinition, data: DataMap): PlannedTask[] {
  const base = {
    task: task.name,
    needs: task.needs,
    retries: task.retries,
    timeoutMs: task.timeoutMs,
    resources: task.resources,
  }
  const items = placed(workflow, ['tasks', task.name, 'for_each'], () => itemsOf(task.forEach, data))
  if (items === undefined) return [{ ...base, id: task.name, item: undefined, command: render(workflow, task, data) }]
  return items.map((item, index) => ({
    ...base,
    id: `${task.name}[${index}]`,
    item,
    command: render(workflow, task, { ...data, item }),
  }))
}

function itemsOf(forEach: TaskDefinition['forEach'], data: DataMap): Data[] | undefined {
  if (typeof forEach !== 'string') return forEach
  // With or without braces: both are what a person tries.
  const items = lookUp(forEach.replace(/^\{\{(.*)\}\}$/u, '$1'), data)
  if (Array.isArray(items)) return items
  throw new UserError('bad-value', `'${forEach}' is no list, and for_each needs one.`)
}

function render(workflow: WorkflowDefinition, task: TaskDefinition, data: DataMap): string[] {
  const command = task.command.flatMap((argument, index) =>
    placed(workflow, ['tasks', task.name, 'command', index], () => renderArgument(argument, data)),
  )
  const bad = command.findIndex((argument) => argument.includes('\0'))
  if (command[0] !== undefined && command[0] !== '' && bad === -1) return command
  throw new UserError(
    'bad-value',
    bad === -1
      ? `Task '${task.name}' names no program: the first argument is empty.`
      : `Argument ${bad} of task '${task.name}' holds a zero byte, which no program can be given.`,
    { at: workflow.placeOf(['tasks', task.name, 'command']) },
  )
}

/** Runs it, and gives errors without a place the one in the workflow. */
function placed<Result>(workflow: WorkflowDefinition, path: readonly (string | number)[], run: () => Result): Result {
  try {
    return run()
  } catch (thrown) {
    throw new UserErrors(
      errorsIn(thrown).map(
        (error) =>
          new UserError(error.code, error.message, { hint: error.hint, at: error.at ?? workflow.placeOf(path) }),
      ),
    )
  }
}

function errorsIn(thrown: unknown): readonly UserError[] {
  const errors = userErrorsOf(thrown)
  if (errors === undefined) throw thrown
  return errors
}
