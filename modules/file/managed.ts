import { UserError } from '../../core/errors.ts'
import { anything, args, type ArgsOf, flag, lines, mode, oneOf, path, source, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { followLinks } from '../../core/module/path.ts'
import { planOf, state, type Plan } from '../../core/module/state.ts'
import type { Stat, View } from '../../core/module/view.ts'
import { madeBy } from './made.ts'
import { attributeChanges, requireOwners, ATTRIBUTE_REPORTS } from './attributes.ts'
import { requireChecked } from './check.ts'
import { ENCODINGS, requireOneContent, wantedContent } from './contents.ts'
import { folderMode, parentChanges, PARENT_REPORTS } from './parents.ts'
import { sameBytes, writeChange, DIFF_REPORTS } from './write.ts'

const wanted = () =>
  args({
    name: path('Where the file lies.'),
    source: source(
      'The file to copy: `butler://postgres/files/pg_hba.conf`, a web address, or a path of the minion.',
    ).optional(),
    source_hash: text(
      'The digest that the source must have: `sha256=<hex>`, or where a file of digests lies.',
    ).optional(),
    source_hash_name: text('The name to look for in a file of digests.').optional(),
    skip_verify: flag('Takes the source whatever its digest is.').default(false),
    contents: lines('The content itself: a text, or a list of lines.').optional(),
    contents_pillar: text('The pillar key whose value is the content, such as `tls:key`.').optional(),
    contents_grains: text('The grain whose value is the content.').optional(),
    contents_delimiter: text('What stands between the steps of these two keys.').default(':'),
    allow_empty: flag('Whether what these two give may be empty.').default(true),
    contents_newline: flag('Whether the content ends with a newline.').default(true),
    template: oneOf(['handlebars'], 'Renders the source as a template before it is sent.').optional(),
    context: anything('Values for the template.').optional(),
    defaults: anything('Values for the template where the context has none.').optional(),
    user: text('Who owns it.').optional(),
    group: text('The group that owns it.').optional(),
    mode: mode('Its permissions, in octal.').optional(),
    makedirs: flag('Makes the folders above it.').default(false),
    dir_mode: mode('The permissions of folders that are made.').optional(),
    replace: flag('Whether the content of a file that exists is replaced.').default(true),
    create: flag('Whether the file is made when it is missing.').default(true),
    force: flag('Replaces a folder that lies at its place.').default(false),
    follow_symlinks: flag('Writes to where a symbolic link leads, not in place of the link.').default(true),
    backup: text('Keeps the old content beside the file: an ending such as `.bak`, or `minion` for that.').optional(),
    show_changes: flag('Whether the difference is shown in the result.').default(true),
    encoding: oneOf(ENCODINGS, 'How `contents` is written.').default('utf-8'),
    check_cmd: text(
      'A command that must accept the new content before it is used: it gets the name of a file.',
    ).optional(),
    tmp_dir: path('Where the file for `check_cmd` lies.').optional(),
    tmp_ext: text('The ending of that file, for a `check_cmd` that looks at it.').optional(),
  })

type Want = ArgsOf<typeof wanted>

/** What a state that writes a file as a whole must say; the rest is as it is by default. */
export type Managed = Pick<Want, 'name'> & Partial<Want>

const BY_DEFAULT = {
  skip_verify: false,
  contents_delimiter: ':',
  allow_empty: true,
  contents_newline: true,
  makedirs: false,
  replace: true,
  create: true,
  force: false,
  follow_symlinks: true,
  show_changes: true,
  encoding: 'utf-8',
} as const

/** The plan of `file.managed`, for states that know the content. */
export function managedPlan(view: View, want: Managed): Plan {
  return planFor(view, { ...BY_DEFAULT, ...want })
}

export const managed = state({
  summary: 'The file exists with this content, owner and mode. What is not given stays as it is.',
  args: wanted,
  reports: { ...DIFF_REPORTS, ...ATTRIBUTE_REPORTS, ...PARENT_REPORTS, removed: 'What lay at its place.' },
  ignores: {
    keep_source: 'sources are not kept on the minion',
    use_etag: 'a source is known by its digest',
    new_file_diff: 'a new file is shown as that',
  },
  example: `
    /etc/motd:
      file.managed:
        - contents: Be careful, this machine is looked after by Butler.
        - user: root
        - group: root
        - mode: 644
  `,
  makes: (want) => madeBy(want.name),
  plan: planFor,
})

async function* planFor(view: View, want: Want): Plan {
  requireOneContent(want)
  await requireOwners(view, want)
  const { path: at, stat: has } = want.follow_symlinks
    ? await followLinks(view, want.name)
    : { path: want.name, stat: await view.stat(want.name) }
  if (has === undefined && !want.create) {
    return yield* planOf([], `File ${at} is not present and is not set for creation`)
  }
  if (has?.type === 'file') return yield* oldFile(view, at, has, want)
  const room = has === undefined ? [] : [removal(at, has, want.force)]
  return yield* planOf([...room, ...(await newFile(view, at, want))], '')
}

async function newFile(view: View, at: string, want: Want): Promise<Change[]> {
  const content = (await wantedContent(view, want, undefined)) ?? new Uint8Array()
  await requireChecked(view, at, content, want)
  const folders = { user: want.user, group: want.group, mode: want.dir_mode ?? folderMode(want.mode) }
  const parents = await parentChanges(view, at, want.makedirs, folders)
  const attributes = { user: want.user, group: want.group, mode: want.mode }
  return [...parents, writeChange({ path: at, content, attributes })]
}

async function* oldFile(view: View, at: string, has: Stat, want: Want): Plan {
  const old = (await view.read(at)) ?? new Uint8Array()
  const content = want.replace ? await wantedContent(view, want, old) : undefined
  const changes = attributeChanges(at, has, want)
  if (content !== undefined && !sameBytes(content, old)) {
    await requireChecked(view, at, content, want)
    changes.unshift(writeChange({ path: at, content, has: old, backup: want.backup, showChanges: want.show_changes }))
  }
  return yield* planOf(
    changes,
    content === undefined
      ? `File ${at} exists with proper permissions. No changes made.`
      : `File ${at} is in the correct state`,
  )
}

/** Makes room for the file: a link goes without a word, a folder only by force. */
function removal(at: string, has: Stat, force: boolean): Change {
  if (has.type !== 'symlink' && !force) {
    throw new UserError('not-a-file', `Specified target ${at} is a ${has.type}.`, {
      hint: 'Move it away, or add `force: true` to remove it with all that it holds.',
    })
  }
  return change('removed', has.type, [], (host) => host.remove(at))
}
