import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { Layout } from '../../core/cli/layout.ts'
import { UserError } from '../../core/errors.ts'
import { readNamed } from '../config.ts'
import { readChecked } from '../model/document.ts'

/** What `worker.yaml` says: how this machine, which does tasks for a tracker elsewhere, reaches it. */
export interface WorkerConfig {
  /** `https://tracker.service.consul:4520`, without a slash at the end. */
  readonly tracker: string
  /** All in PEM. */
  readonly ca: string
  readonly key: string
  readonly certificate: string
  /** Runs and workflows get folders here. */
  readonly workdir: string
}

const schema = z.strictObject({
  tracker: z.url({ protocol: /^https$/u }),
  ca_file: z.string().min(1),
  key_file: z.string().min(1),
  certificate_file: z.string().min(1),
  workdir: z.string().min(1),
})

/** Reads `worker.yaml`. Relative paths in it are relative to its own folder. */
export async function readWorkerConfig(layout: Layout): Promise<WorkerConfig> {
  const file = join(layout.config, 'worker.yaml')
  const given = await readChecked(file, schema).catch((error: unknown) => {
    throw error instanceof UserError && error.code === 'no-such-file' ? notSetUp(file) : error
  })
  const here = (path: string): string => resolve(dirname(file), path)
  const read = (key: 'ca_file' | 'key_file' | 'certificate_file'): Promise<string> => readNamed(given[key], key, file)
  const [ca, key, certificate] = await Promise.all([read('ca_file'), read('key_file'), read('certificate_file')])
  return { tracker: given.tracker.replace(/\/+$/u, ''), ca, key, certificate, workdir: here(given.workdir) }
}

function notSetUp(file: string): UserError {
  return new UserError('not-set-up', `This machine does no tasks for a tracker: there is no ${file}.`, {
    hint: "Deploying the role 'worker' writes it.",
  })
}
