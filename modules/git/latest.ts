import { requireUser } from '../../core/module/accounts.ts'
import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, flag, integer, path, text } from '../../core/module/args.ts'
import { change, ChangeFailed, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { isFolder, parentOf } from '../../core/module/path.ts'
import { planOf, state, type Plan } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { type Local, readLocal } from './local.ts'
import { type As, doing, look } from './program.ts'
import { readRemote, shownUrl, type Wished, wishedOf } from './remote.ts'

const wanted = () =>
  args({
    name: text('The address of the remote repository.'),
    rev: text('The branch, tag or full commit id.').default('HEAD'),
    target: path('The folder on the minion.'),
    branch: text('The name of the local branch; else that of the remote one, and none for a tag or commit.').optional(),
    user: text('The user of the machine to run git as, who then owns the files.').optional(),
    identity: path('A private key for ssh.').optional(),
    force_clone: flag('Removes what lies in the folder when it is no git repository.').default(false),
    force_checkout: flag('Discards changed files when another branch is checked out.').default(false),
    force_fetch: flag('Takes over branches of the remote that were rewritten.').default(false),
    force_reset: flag('Discards changed files and local commits.').default(false),
    submodules: flag('Brings submodules to what the commit says, too.').default(false),
    bare: flag('Without a work tree.').default(false),
    mirror: flag('A bare copy of all refs.').default(false),
    remote: text('What the remote repository is called.').default('origin'),
    fetch_tags: flag('Fetches tags too.').default(true),
    depth: integer('How many commits of history to fetch.').optional(),
  })

type Want = ArgsOf<typeof wanted>

export const latest = state({
  summary: 'The folder holds what the remote repository has at this revision.',
  args: wanted,
  reports: {
    revision: 'The commit before and after.',
    new: 'Address and folder of a new clone.',
    remote: 'The address before and after.',
    discarded: 'Files whose changes were thrown away.',
    submodules: 'Submodules that were brought up to date.',
    'forced clone': 'What lay in the folder was removed.',
  },
  example: `
    https://example.org/butler-workflows.git:
      git.latest:
        - target: /opt/workflows
        - rev: main
        - force_reset: true
        - submodules: true
  `,
  plan: latestPlan,
})

/** The plan of `git.latest`, for states that make a repository as it does. */
export async function* latestPlan(view: View, want: Want): Plan {
  if (want.user !== undefined) await requireUser(view, want.user)
  const as: As = { user: want.user, identity: want.identity }
  const wished = wishedOf(await readRemote(view, as, want.name), want.rev, want.name)
  const has = await readLocal(view, as, { ...want, bare: want.bare || want.mirror })
  if (has === undefined) {
    const room = await roomChanges(view, want)
    return yield* planOf([...room, cloning(as, wished, want)], '')
  }
  const at = { ...as, cwd: want.target }
  return yield* planOf(updates(at, has, wished, want), `Repository ${want.target} is up-to-date`)
}

/** What lies in the way of a clone goes only by force; an empty folder is no obstacle. */
async function roomChanges(view: View, want: Want): Promise<Change[]> {
  const has = await view.stat(want.target)
  if (has === undefined || ((await isFolder(view, want.target)) && (await view.list(want.target)).length === 0))
    return []
  if (!want.force_clone) {
    throw new UserError('in-the-way', `Target '${want.target}' exists, is non-empty and is not a git repository.`, {
      hint: 'Set `force_clone: true` to remove it and clone instead.',
    })
  }
  return [change('forced clone', true, [], (host) => host.remove(want.target))]
}

function cloning(as: As, wished: Wished, want: Want): Change {
  const shows = { old: null, new: wished.commit }
  return change('revision', shows, [{ kind: 'path', name: want.target }, 'anything'], async (host) => {
    if (want.user === undefined) await host.mkdir(parentOf(want.target), { parents: true })
    const words = [
      ...(want.mirror ? ['--mirror'] : want.bare ? ['--bare'] : ['--no-checkout']),
      ...(want.depth === undefined ? [] : ['--depth', String(want.depth), '--no-single-branch']),
      '--origin',
      want.remote,
    ]
    await doing(host, as, ['clone', '-q', ...words, '--', want.name, want.target])
    if (!want.bare && !want.mirror) await checkOut(host, { ...as, cwd: want.target }, undefined, wished, want)
    const changes = { new: `${shownUrl(want.name)} => ${want.target}`, revision: shows }
    return { changes, comment: `${shownUrl(want.name)} cloned to ${want.target}` }
  })
}

function updates(at: As, has: Local, wished: Wished, want: Want): Change[] {
  const isBare = want.bare || want.mirror
  const branch = localBranch(wished, want)
  const isElsewhere = has.commit !== wished.commit || (want.branch !== undefined && has.branch !== branch)
  const isDirty = want.force_reset && has.changed.length > 0
  const changes: Change[] = []
  if (has.url !== want.name) {
    const shows = { old: has.url === undefined ? null : shownUrl(has.url), new: shownUrl(want.name) }
    changes.push(
      change('remote', shows, [], (host) =>
        doing(host, at, ['remote', has.url === undefined ? 'add' : 'set-url', want.remote, want.name]),
      ),
    )
  }
  if (isElsewhere || isDirty || has.submodules.length > 0) {
    const key = isElsewhere ? 'revision' : isDirty ? 'discarded' : 'submodules'
    const shows = isElsewhere
      ? { old: has.commit ?? null, new: wished.commit }
      : [...(isDirty ? has.changed : has.submodules)]
    changes.push(
      change(key, shows, [{ kind: 'path', name: want.target }, 'anything'], async (host) => {
        if (isElsewhere) await fetching(host, at, wished, want)
        if (!isBare) await checkOut(host, at, has, wished, want)
        else if (wished.branch !== undefined) {
          await doing(host, at, ['symbolic-ref', 'HEAD', `refs/heads/${wished.branch}`])
        }
        return { comment: `Repository ${want.target} was updated to ${wished.commit.slice(0, 7)}` }
      }),
    )
  }
  return changes
}

async function fetching(host: Host, at: As, wished: Wished, want: Want): Promise<void> {
  const force = want.force_fetch || want.force_reset ? '+' : ''
  const bare = want.bare || want.mirror
  const refs = bare ? `${force}refs/heads/*:refs/heads/*` : `+refs/heads/*:refs/remotes/${want.remote}/*`
  const words = [
    '-q',
    ...(want.fetch_tags ? ['--tags', '--force'] : []),
    ...(want.depth === undefined ? [] : ['--depth', String(want.depth)]),
    '--end-of-options',
    want.remote,
    refs,
  ]
  await doing(host, at, ['fetch', ...words])
  const isHere = (await look(host, at, ['cat-file', '-e', `${wished.commit}^{commit}`])).exitCode === 0
  if (!isHere) await doing(host, at, ['fetch', '-q', '--end-of-options', want.remote, wished.commit])
}

/** Puts the commit in the work tree, on its branch if it has one. */
async function checkOut(host: Host, at: As, has: Local | undefined, wished: Wished, want: Want): Promise<void> {
  const branch = localBranch(wished, want)
  const isForced = want.force_reset || (want.force_checkout && has?.branch !== branch) || has === undefined
  if (!want.force_reset && has !== undefined) await requireFastForward(host, at, has, wished, branch)
  const words = branch === undefined ? ['--detach', wished.commit] : ['-B', branch, wished.commit]
  await doing(host, at, ['checkout', '-q', ...(isForced ? ['--force'] : []), ...words, '--'])
  if (branch !== undefined && wished.branch !== undefined) {
    await doing(host, at, ['branch', '-q', `--set-upstream-to=${want.remote}/${wished.branch}`, branch])
  }
  if (want.submodules) await doing(host, at, ['submodule', '-q', 'update', '--init', '--recursive'])
}

/** Commits that were made here are not thrown away without being told to. */
async function requireFastForward(
  host: Host,
  at: As,
  has: Local,
  wished: Wished,
  branch: string | undefined,
): Promise<void> {
  if (branch === undefined || has.branch !== branch || has.commit === undefined) return
  const { exitCode } = await look(host, at, ['merge-base', '--is-ancestor', has.commit, wished.commit])
  if (exitCode === 0) return
  throw new ChangeFailed(
    `Repository would be updated from ${has.commit.slice(0, 7)} to ${wished.commit.slice(0, 7)}, but that is no fast-forward.`,
    { hint: 'Set `force_reset: true` to discard the local commits.' },
  )
}

function localBranch(wished: Wished, want: Want): string | undefined {
  return want.branch ?? wished.branch
}
