import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'
import { nearest } from '../../core/text/nearest.ts'
import { type As, look } from './program.ts'

/** The refs of a remote repository: `HEAD`, `refs/heads/main`, `refs/tags/v1`, `refs/tags/v1^{}`, by their commit. */
export interface Remote {
  readonly refs: ReadonlyMap<string, string>
  /** The branch that `HEAD` stands for. */
  readonly head: string | undefined
}

/** What a revision means in the remote repository. */
export interface Wished {
  readonly commit: string
  /** Set when the revision is a branch. */
  readonly branch: string | undefined
}

export async function readRemote(view: View, as: As, url: string): Promise<Remote> {
  const { exitCode, stdout, stderr } = await look(view, as, ['ls-remote', '--symref', '--', url])
  if (exitCode === 0) return parseRemote(stdout)
  if (url.startsWith('/')) view.missing({ kind: 'path', name: url })
  throw new UserError('no-remote', `Failed to check the remote repository ${shownUrl(url)}: ${stderr.trim()}`, {
    hint: 'Make sure that the address is right and that this machine may read it.',
  })
}

/** The output of `git ls-remote --symref`. */
export function parseRemote(stdout: string): Remote {
  const refs = new Map<string, string>()
  let head: string | undefined
  for (const line of stdout.split('\n')) {
    const [left = '', name] = line.split('\t')
    if (name === undefined) continue
    const symref = /^ref: refs\/heads\/(.+)$/u.exec(left)?.[1]
    if (symref === undefined) refs.set(name, left)
    else if (name === 'HEAD') head = symref
  }
  return { refs, head }
}

/** A branch, a tag, a full commit or `HEAD`. Throws when there is none, with the nearest name. */
export function wishedOf({ refs, head }: Remote, rev: string, url: string): Wished {
  const branch = rev === 'HEAD' ? head : rev
  const ofBranch = branch === undefined ? undefined : refs.get(`refs/heads/${branch}`)
  if (ofBranch !== undefined) return { commit: ofBranch, branch }
  // an annotated tag has an object of its own; the commit is what it peels to
  const ofTag = refs.get(`refs/tags/${rev}^{}`) ?? refs.get(`refs/tags/${rev}`) ?? refs.get(rev)
  if (ofTag !== undefined) return { commit: ofTag, branch: undefined }
  if (/^[0-9a-f]{40}$/u.test(rev)) return { commit: rev, branch: undefined }
  const near = nearest(rev, namesOf(refs))
  throw new UserError(
    'unknown-revision',
    `No revision matching '${rev}' exists in the remote repository ${shownUrl(url)}.`,
    {
      hint: near === undefined ? 'A branch, a tag or a full commit id is wanted.' : `Did you mean '${near}'?`,
    },
  )
}

/** Without a password that may stand in it. */
export function shownUrl(url: string): string {
  return url.replace(/(?<=:\/\/[^/@:]*):[^/@]*(?=@)/u, '')
}

function namesOf(refs: ReadonlyMap<string, string>): string[] {
  return [...refs.keys()].map((ref) => ref.replace(/^refs\/(?:heads|tags)\//u, '').replace(/\^\{\}$/u, ''))
}
