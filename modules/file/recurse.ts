import {
  anything,
  args,
  type ArgsOf,
  flag,
  integer,
  mode,
  oneOf,
  path,
  source,
  text,
  textMap,
  texts,
} from '../../core/module/args.ts'
import type { Change } from '../../core/module/change.ts'
import { followLinks, joinPath, parentOf } from '../../core/module/path.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { madeBy } from './made.ts'
import { attributeChanges, requireOwners } from './attributes.ts'
import { cleanChanges } from './clean.ts'
import { missingFolders, newFolder } from './parents.ts'
import { matcherOf } from './pattern.ts'
import { sameBytes, writeChange } from './write.ts'

const wanted = () =>
  args({
    name: path('The folder on the minion.'),
    source: source('The folder to copy, such as `butler://consul/files/checks`.', 'tree'),
    user: text('Who owns the files and folders.').optional(),
    group: text('The group that owns them.').optional(),
    dir_mode: mode('The permissions of the folders.').optional(),
    file_mode: mode('The permissions of the files.').optional(),
    replace: flag('Whether the content of files that exist is replaced.').default(true),
    clean: flag('Removes what lies in the folder and is not in the source.').default(false),
    include_pat: text('A glob, or `E@` and a regular expression: only these files are copied.').optional(),
    exclude_pat: text(
      'A glob, or `E@` and a regular expression: these files are left out, and `clean` leaves them alone.',
    ).optional(),
    maxdepth: integer('How many levels of folders below it are copied; 0 for its own files alone.').optional(),
    keep: texts('Paths that `clean` leaves alone.').default([]),
    backup: text('Keeps the old content beside each file: an ending such as `.bak`.').optional(),
    show_changes: flag('Whether the differences are shown in the result.').default(true),
    template: oneOf(['handlebars'], 'Renders the files that are templates before they are sent.').optional(),
    context: anything('Values for the templates.').optional(),
    defaults: anything('Values for the templates where the context has none.').optional(),
    rendered: textMap('What the templates render to, by path: the compiler fills it in.').default({}),
  })

type Want = ArgsOf<typeof wanted>

export const recurse = state({
  summary: 'A folder of the sources lies on the minion, with all its files.',
  args: wanted,
  reports: {
    '<path>': '`diff` for a file, `directory: new` for a folder, `removed` for what `clean` took away.',
    '<path> user|group|mode': 'Owner, group and permissions before and after.',
  },
  ignores: {
    keep_source: 'sources are not kept on the minion',
    include_empty: 'sources hold no empty folders',
    keep_symlinks: 'sources hold no links',
    force_symlinks: 'sources hold no links',
    sym_mode: 'sources hold no links',
  },
  example: `
    /etc/consul.d/checks:
      file.recurse:
        - source: butler://consul/files/checks
        - user: root
        - file_mode: 644
        - clean: true
  `,
  makes: (want) => madeBy(want.name),
  spares: 'keep',
  async *plan(view, want) {
    await requireOwners(view, want)
    const { path: at } = await followLinks(view, want.name)
    const files = (await view.tree(want.source)).filter(({ path }) => isWanted(path, want))
    const changes = await folderChanges(view, at, files, want)
    for (const file of files) {
      const rendered = want.rendered[file.path]
      const content = (): Promise<Uint8Array> =>
        rendered === undefined ? view.fetch(file.source) : Promise.resolve(new TextEncoder().encode(rendered))
      changes.push(...(await fileChanges(view, joinPath(at, file.path), content, want)))
    }
    if (want.clean && (await view.stat(at)) !== undefined) {
      const kept = [...files.map((file) => joinPath(at, file.path)), ...want.keep]
      changes.push(...(await cleanChanges(view, at, kept, want.exclude_pat)))
    }
    return yield* planOf(changes, `The directory ${at} is in the correct state`)
  },
})

function isWanted(path: string, want: Want): boolean {
  if (want.maxdepth !== undefined && path.split('/').length - 1 > want.maxdepth) return false
  const included = want.include_pat === undefined || matcherOf(want.include_pat)(path)
  return included && !(want.exclude_pat !== undefined && matcherOf(want.exclude_pat)(path))
}

async function folderChanges(
  view: View,
  at: string,
  files: readonly { path: string }[],
  want: Want,
): Promise<Change[]> {
  const attributes = { user: want.user, group: want.group, mode: want.dir_mode }
  const folders = new Set([at, ...files.map((file) => parentOf(joinPath(at, file.path)))])
  const changes = new Map<string, Change[]>()
  for (const folder of [...folders].sort()) {
    const has = await view.stat(folder)
    if (has?.type === 'directory') changes.set(folder, attributeChanges(folder, has, attributes, `${folder} `))
    for (const missing of await missingFolders(view, folder)) changes.set(missing, [newFolder(missing, attributes)])
  }
  return [...changes.values()].flat()
}

async function fileChanges(view: View, at: string, fetch: () => Promise<Uint8Array>, want: Want): Promise<Change[]> {
  const attributes = { user: want.user, group: want.group, mode: want.file_mode }
  const has = await view.stat(at)
  if (has === undefined) return [writeOne(at, await fetch(), undefined, want)]
  const changes = attributeChanges(at, has, attributes, `${at} `)
  if (!want.replace) return changes
  const [old, content] = [(await view.read(at)) ?? new Uint8Array(), await fetch()]
  return sameBytes(old, content) ? changes : [writeOne(at, content, old, want), ...changes]
}

/** As file.managed writes it, but under the file's own path, since there are many. */
function writeOne(at: string, content: Uint8Array, has: Uint8Array | undefined, want: Want): Change {
  const attributes = { user: want.user, group: want.group, mode: want.file_mode }
  const { backup, show_changes: showChanges } = want
  const writing = writeChange({ path: at, content, has, attributes, backup, showChanges })
  const shows = { diff: writing.shows }
  return {
    ...writing,
    key: at,
    shows,
    async apply(host) {
      await writing.apply(host)
      return { shows }
    },
  }
}
