import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { filesOf, keptFolder } from '../api/kept.ts'
import { dagOf, WRITTEN_BY_HAND } from '../engines/airflow/dag.ts'
import type { Workflow } from '../model/records.ts'
import { readWorkflow } from '../model/workflow.ts'
import type { Dag, WorkflowFile } from './contract.ts'

/** The workflows of the tracker, for the machines that do their tasks. */
export class Shelf {
  readonly #kept: string
  readonly #list: () => Promise<Workflow[]>
  /** What a digest names never changes. */
  readonly #tasks = new Map<string, Dag['tasks']>()
  readonly #files = new Map<string, readonly string[]>()

  constructor(kept: string, list: () => Promise<Workflow[]>) {
    this.#kept = kept
    this.#list = list
  }

  /** One for each workflow with a folder that is kept here. */
  async dags(): Promise<{ dags: Dag[] }> {
    const dags: Dag[] = []
    for (const workflow of await this.#list()) {
      const { name, version, digest } = workflow
      if (digest === WRITTEN_BY_HAND || !existsSync(keptFolder(this.#kept, digest))) continue
      dags.push({ dag: dagOf(workflow), name, version, tasks: await this.#tasksOf(digest) })
    }
    return { dags }
  }

  async files(digest: string): Promise<{ files: WorkflowFile[] }> {
    const folder = this.#folderOf(digest)
    const files: WorkflowFile[] = []
    for (const path of await this.#pathsIn(digest)) {
      const { mode } = await stat(join(folder, path))
      files.push({ path, isProgram: (mode & 0o111) !== 0 })
    }
    return { files }
  }

  /** Only what is a file of the workflow is found, by just its name. */
  async file(digest: string, path: string): Promise<{ path: string; size: number }> {
    const folder = this.#folderOf(digest)
    if (!(await this.#pathsIn(digest)).includes(path)) {
      throw new UserError('unknown-file', `The workflow ${digest} has no file '${path}'.`)
    }
    const { size } = await stat(join(folder, path))
    return { path: join(folder, path), size }
  }

  #folderOf(digest: string): string {
    const folder = keptFolder(this.#kept, digest)
    if (/^[0-9a-f]{64}$/u.test(digest) && existsSync(folder)) return folder
    throw new UserError('unknown-workflow', `No workflow with the digest '${digest}' is kept here.`)
  }

  async #pathsIn(digest: string): Promise<readonly string[]> {
    const known = this.#files.get(digest) ?? (await filesOf(this.#folderOf(digest)))
    this.#files.set(digest, known)
    return known
  }

  async #tasksOf(digest: string): Promise<Dag['tasks']> {
    const known = this.#tasks.get(digest)
    if (known !== undefined) return known
    const { tasks } = await readWorkflow(keptFolder(this.#kept, digest))
    const read = tasks.map(({ name, needs, forEach, retries }) => ({
      name,
      needs: [...needs],
      isMapped: forEach !== undefined,
      retries,
    }))
    this.#tasks.set(digest, read)
    return read
  }
}
