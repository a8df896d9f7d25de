import { z } from 'zod'
import { runEvent } from '../engines/log/schema.ts'

// What the tracker and the machines that do its tasks say to each other, under /v1. Only ever added to.

/** A DAG as Airflow is to make it of a workflow; `butler_workflows.py` reads them. */
export const dags = z.object({
  dags: z.array(
    z.object({
      dag: z.string(),
      name: z.string(),
      version: z.string(),
      tasks: z.array(
        z.object({ name: z.string(), needs: z.array(z.string()), isMapped: z.boolean(), retries: z.number() }),
      ),
    }),
  ),
})

/** The files of a workflow, by their paths in its folder. */
export const workflowFiles = z.object({ files: z.array(z.object({ path: z.string(), isProgram: z.boolean() })) })

/** What a machine must know to do a task of a run. */
export const job = z.object({
  id: z.number(),
  attempt: z.number(),
  workflow: z.object({ id: z.number(), name: z.string(), version: z.string(), digest: z.string() }),
  analysis: z.object({ id: z.number(), name: z.string() }),
  effective: z.record(z.string(), z.json()),
  /** How long a task may go on without being heard, in milliseconds. */
  leaseMs: z.number(),
})

/** The events of one attempt of a task, from number `from` on. */
export const report = z.object({ from: z.number().int().min(0), events: z.array(runEvent).max(10_000) })

/** Whether the task is to go on. */
export const verdict = z.discriminatedUnion('go', [
  z.object({ go: z.literal(true) }),
  z.object({ go: z.literal(false), cause: z.string() }),
])

export type Dag = z.infer<typeof dags>['dags'][number]
export type WorkflowFile = z.infer<typeof workflowFiles>['files'][number]
export type Job = z.infer<typeof job>
export type Verdict = z.infer<typeof verdict>
