import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, path, text, texts } from '../../core/module/args.ts'
import type { Host } from '../../core/module/host.ts'
import type { View } from '../../core/module/view.ts'
import { aptRepository, readAgainByApt } from './apt.ts'
import { dnfRepository, readAgainByDnf } from './dnf.ts'

export const repositoryArgs = () =>
  args({
    name: text('For apt its line, `deb https://deb.example.org/debian bookworm main`; for dnf its id.'),
    file: path('The file that it is written to; else one of its own, named after it.').optional(),
    humanname: text('What dnf shows of it.').optional(),
    baseurl: text('For dnf: where its packages are.').optional(),
    comps: texts('For apt: its components, in place of those in the line.').optional(),
    dist: text('For apt: its suite, in place of the one in the line.').optional(),
    architectures: texts('For apt: only these.').optional(),
    key_url: text('Where the key that its packages are signed by comes from: `butler://` or `https://`.').optional(),
    signedby: path('Where that key lies; with `key_url` it is written there.').optional(),
    gpgcheck: flag('For dnf: whether packages must be signed.').default(true),
    enabled: flag('Whether packages are taken from it.').default(true),
    refresh: flag('Asks for the lists of packages when something changed.').default(true),
  })

export type Want = ArgsOf<typeof repositoryArgs>

/** A repository as files of this machine. */
export interface Repository {
  file: string
  content: string
  /** Where its key lies, when it comes from somewhere. */
  keyFile: string | undefined
}

interface Kind {
  repositoryOf(want: Want): Repository
  readAgain(host: Host): Promise<void>
}

const KINDS: Readonly<Record<string, Kind>> = {
  Debian: { repositoryOf: aptRepository, readAgain: readAgainByApt },
  RedHat: { repositoryOf: dnfRepository, readAgain: readAgainByDnf },
}

/** How this machine's system keeps its repositories. */
export function kindOf(view: View): Kind {
  const { os_family: family } = view.grains
  const kind = typeof family === 'string' ? KINDS[family] : undefined
  if (kind !== undefined) return kind
  throw new UserError(
    'not-supported',
    `Repositories of packages are not supported on this machine (os_family: ${JSON.stringify(family ?? null)}).`,
    { hint: `There is: ${Object.keys(KINDS).join(', ')}.` },
  )
}
