import { join } from 'node:path'
import { z } from 'zod'
import type { Data } from '../../core/data.ts'
import type { Place } from '../../core/errors.ts'
import { UserError, UserErrors } from '../../core/errors.ts'
import { parseDuration } from '../../core/text/duration.ts'
import { suggest } from '../../core/text/nearest.ts'
import { checkDocument } from './checked.ts'
import { readDocument, type Document } from './document.ts'
import { parseSize } from './size.ts'

/** What a workflow's folder must hold. */
export const WORKFLOW_FILE = 'workflow.yaml'

/** A workflow as its file says it, checked: every need exists and nothing needs itself. */
export interface WorkflowDefinition {
  name: string
  version: string
  /** In the order of the file. */
  tasks: readonly TaskDefinition[]
  placeOf(path: readonly (string | number)[]): Place
}

export interface TaskDefinition {
  name: string
  /** The program and its arguments, with `{{values}}` still in them. No shell reads them. */
  command: readonly string[]
  /** Tasks that must have completed before. */
  needs: readonly string[]
  /** One task for each item: a list, or the dotted name of one. */
  forEach: Data[] | string | undefined
  retries: number
  timeoutMs: number | undefined
  resources: Resources
}

export interface Resources {
  cpus: number
  /** In bytes. */
  memory: number
}

const text = z.union([z.string(), z.number().transform(String)])

const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return parseDuration(String(value))
  } catch {
    context.addIssue(`'${value}' is no duration; write it as 90s, 2m, 1h30m or 7d`)
    return z.NEVER
  }
})

const size = z.union([z.string(), z.number()]).transform((value, context) => {
  const bytes = parseSize(String(value))
  if (bytes !== undefined) return bytes
  context.addIssue(`'${value}' is no size; write it as 512M or 8G`)
  return z.NEVER
})

const task = z.strictObject({
  command: z
    .array(text, `must be a list of the program and its arguments, such as [echo, hello]`)
    .min(1, 'must name a program'),
  needs: z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([]),
  for_each: z.union([z.string(), z.array(z.json())]).optional(),
  retries: z.number().int().min(0).max(100).default(0),
  timeout: duration.optional(),
  resources: z
    .strictObject({ cpus: z.number().int().min(1).default(1), memory: size.default(0) })
    .default({ cpus: 1, memory: 0 }),
})

const schema = z.strictObject({
  name: z.string().min(1).max(255),
  version: z.string("must be text: write it in quotes, such as '1.0'").min(1).max(255),
  tasks: z
    .record(z.string().regex(/^[A-Za-z][\w-]*$/u, 'is no name for a task: use letters, digits, - and _'), task)
    .refine((tasks) => Object.keys(tasks).length > 0, 'names no task'),
})

export async function readWorkflow(folder: string): Promise<WorkflowDefinition> {
  return parseWorkflow(await readDocument(join(folder, WORKFLOW_FILE)))
}

export function parseWorkflow(document: Document): WorkflowDefinition {
  const { name, version, tasks } = checkDocument(document, schema)
  const definition: WorkflowDefinition = {
    name,
    version,
    tasks: Object.entries(tasks).map(([name, given]) => ({
      name,
      command: given.command,
      needs: given.needs,
      forEach: given.for_each,
      retries: given.retries,
      timeoutMs: given.timeout,
      resources: given.resources,
    })),
    placeOf: (path) => document.placeOf(path),
  }
  const errors = [...missingNeeds(definition), ...cycles(definition)]
  if (errors.length > 0) throw new UserErrors(errors)
  return definition
}

function missingNeeds(workflow: WorkflowDefinition): UserError[] {
  const { tasks } = workflow
  const names = tasks.map((each) => each.name)
  return tasks.flatMap((each) =>
    each.needs
      .filter((need) => !names.includes(need))
      .map(
        (need) =>
          new UserError('unknown-task', `Task '${each.name}' needs '${need}', and there is no such task.`, {
            hint: suggest(need, names),
            at: workflow.placeOf(['tasks', each.name, 'needs']),
          }),
      ),
  )
}

/** At most one error: a person mends one cycle at a time. */
function cycles(workflow: WorkflowDefinition): UserError[] {
  const { tasks } = workflow
  const needsOf = new Map(tasks.map((each) => [each.name, each.needs]))
  const done = new Set<string>()
  const walk = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return undefined
    for (const need of needsOf.get(name) ?? []) {
      const cycle = walk(need, [...path, name])
      if (cycle !== undefined) return cycle
    }
    done.add(name)
    return undefined
  }
  for (const { name } of tasks) {
    const cycle = walk(name, [])
    if (cycle !== undefined) {
      const message = `These tasks wait for each other for ever: ${cycle.join(' needs ')}.`
      return [new UserError('cycle', message, { at: workflow.placeOf(['tasks', cycle[0] ?? name, 'needs']) })]
    }
  }
  return []
}
