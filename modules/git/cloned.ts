import { args, path, text } from '../../core/module/args.ts'
import { change } from '../../core/module/change.ts'
import { planOf, state } from '../../core/module/state.ts'
import { latestPlan } from './latest.ts'
import { readLocal } from './local.ts'
import { doing } from './program.ts'

export const cloned = state({
  summary: 'The folder holds a clone of the remote repository. One that is there is never brought up to date.',
  args: () =>
    args({
      name: text('The address of the remote repository.'),
      target: path('The folder on the minion.'),
      branch: text(
        'The branch to be checked out; else the remote one, and later whatever somebody checks out.',
      ).optional(),
      user: text('The user of the machine to run git as, who then owns the files.').optional(),
      identity: path('A private key for ssh.').optional(),
    }),
  reports: {
    revision: 'The commit of a new clone.',
    new: 'Address and folder of a new clone.',
    branch: 'The branch before and after.',
  },
  example: `
    https://example.org/butler-workflows.git:
      git.cloned:
        - target: /opt/workflows
        - branch: main
  `,
  async *plan(view, { name, target, branch, user, identity }) {
    const as = { user, identity }
    const has = await readLocal(view, as, { target, remote: 'origin', bare: false, submodules: false })
    if (has === undefined) {
      return yield* latestPlan(view, {
        name,
        target,
        user,
        identity,
        rev: branch ?? 'HEAD',
        remote: 'origin',
        fetch_tags: true,
        ...NOTHING_MORE,
      })
    }
    if (branch === undefined || has.branch === branch) return yield* planOf([], `Repository ${target} is there`)
    yield change('branch', { old: has.branch ?? null, new: branch }, [{ kind: 'path', name: target }], (host) =>
      doing(host, { ...as, cwd: target }, ['checkout', '-q', branch, '--']),
    )
    return ''
  },
})

const NOTHING_MORE = {
  bare: false,
  mirror: false,
  submodules: false,
  force_clone: false,
  force_checkout: false,
  force_fetch: false,
  force_reset: false,
}
