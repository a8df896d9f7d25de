import { z } from 'zod'

/** The folders of a source; whatever else lies in its repository is not looked at. */
export const PARTS = ['states', 'roles', 'orchestrations', 'pillar'] as const

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/iu, 'must be letters, digits, dots, dashes and underscores, a letter or digit first')

/** One entry of `sources` in master.yaml; a later one wins file by file. */
export const sourceSettings = z.union([
  z.strictObject({
    /** How errors and `sources` name it. */
    name,
    /** `https://…`, `ssh://…`, `user@host:path`, `file://…` or a folder with a repository. */
    git: z.string().min(1),
    /** Left out: what the repository's HEAD points to. */
    branch: z.string().min(1).optional(),
  }),
  z.strictObject({
    name,
    /** A plain folder, taken as it lies there. */
    folder: z.string().min(1),
  }),
])

export type SourceSettings = z.output<typeof sourceSettings>
