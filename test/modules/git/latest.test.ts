import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { parseRemote, shownUrl, wishedOf } from '../../../modules/git/remote.ts'
import { apply, folder, holds, plan, textOf, unchanged } from '../applied.ts'

t.test('clones, follows the branch, and mends what was changed by hand', async (t) => {
  const { root, remote, commit } = repository(t)
  const states = latest(remote, `${root}/clone`, '    - rev: main\n    - force_reset: true\n')
  const [cloned] = await holds(t, root, states)
  t.match(cloned, { comment: `${remote} cloned to ${root}/clone` })
  t.equal(textOf(`${root}/clone/f`), 'one\n')
  t.equal(git(`${root}/clone`, 'symbolic-ref', '--short', 'HEAD'), 'main')

  const older = git(remote, 'rev-parse', 'HEAD')
  const newer = commit('two\n')
  const [moved] = await holds(t, root, states)
  t.match(moved?.changes, { revision: { old: older, new: newer } })
  t.equal(textOf(`${root}/clone/f`), 'two\n')

  writeFileSync(`${root}/clone/f`, 'by hand\n')
  writeFileSync(`${root}/clone/untracked`, 'mine\n')
  const [mended] = await holds(t, root, states)
  t.match(mended?.changes, { discarded: ['f'] })
  t.equal(textOf(`${root}/clone/f`), 'two\n')
  t.equal(textOf(`${root}/clone/untracked`), 'mine\n', 'what git does not look after stays')
})

t.test('a tag, a commit, and HEAD', async (t) => {
  const { root, remote, commit } = repository(t)
  const first = git(remote, 'rev-parse', 'HEAD')
  git(remote, 'tag', '-a', 'v1', '-m', 'first')
  commit('two\n')
  await holds(t, root, latest(remote, `${root}/tag`, '    - rev: v1\n'))
  t.equal(textOf(`${root}/tag/f`), 'one\n')
  await holds(t, root, latest(remote, `${root}/commit`, `    - rev: ${first}\n`))
  t.equal(textOf(`${root}/commit/f`), 'one\n')
  await holds(t, root, latest(remote, `${root}/head`))
  t.equal(textOf(`${root}/head/f`), 'two\n')
  await holds(t, root, latest(remote, `${root}/head`, '    - rev: v1\n'))
  t.equal(textOf(`${root}/head/f`), 'one\n')
  await holds(t, root, latest(remote, `${root}/bare`, '    - bare: true\n'))
  commit('three\n')
  await holds(t, root, latest(remote, `${root}/bare`, '    - bare: true\n'))
})

t.test('local commits and local changes are not thrown away without being told to', async (t) => {
  const { root, remote, commit } = repository(t)
  const states = latest(remote, `${root}/clone`, '    - rev: main\n')
  await holds(t, root, states)
  writeFileSync(`${root}/clone/f`, 'by hand\n')
  await unchanged(t, root, states)
  git(`${root}/clone`, 'commit', '-q', '-a', '-m', 'local')
  commit('two\n')
  t.match(await apply(states), [{ result: false, comment: /no fast-forward/ }])
  t.equal(textOf(`${root}/clone/f`), 'by hand\n')
  await holds(t, root, `${states}    - force_reset: true\n`)
})

t.test('what lies in the way', async (t) => {
  const { root, remote } = repository(t)
  mkdirSync(`${root}/there`)
  writeFileSync(`${root}/there/f`, 'mine\n')
  const states = latest(remote, `${root}/there`)
  t.match(await plan(states), [{ result: false, comment: /is not a git repository/ }])
  await holds(t, root, `${states}    - force_clone: true\n`)
  t.equal(textOf(`${root}/there/f`), 'one\n')
})

t.test('a remote that moves', async (t) => {
  const { root, remote } = repository(t)
  const other = repository(t)
  await holds(t, root, latest(remote, `${root}/clone`, '    - force_reset: true\n'))
  other.commit('elsewhere\n')
  const [moved] = await holds(t, root, latest(other.remote, `${root}/clone`, '    - force_reset: true\n'))
  t.match(moved?.changes, { remote: { old: remote, new: other.remote } })
  t.equal(textOf(`${root}/clone/f`), 'elsewhere\n')
})

t.test('submodules', async (t) => {
  const { root, remote } = repository(t)
  const inner = repository(t)
  git(remote, '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', inner.remote, 'inner')
  git(remote, 'commit', '-q', '-m', 'with inner')
  const states = latest(remote, `${root}/clone`, '    - submodules: true\n')
  await holds(t, root, states)
  t.equal(textOf(`${root}/clone/inner/f`), 'one\n')
})

t.test('a revision that does not exist, and a repository that does not', async (t) => {
  const { root, remote } = repository(t)
  t.match(await plan(latest(remote, `${root}/c`, '    - rev: mian\n')), [
    { result: false, comment: /No revision matching 'mian'.*\nDid you mean 'main'\?/ },
  ])
  t.match(await plan(latest(`${root}/ghost`, `${root}/c`)), [{ result: false, comment: /Failed to check the remote/ }])
  t.notOk(existsSync(`${root}/c`))
})

t.test('refs are read as git prints them', async (t) => {
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40))
  const remote = parseRemote(
    `ref: refs/heads/main\tHEAD\n${a}\tHEAD\n${a}\trefs/heads/main\n${b}\trefs/tags/v1\n${c}\trefs/tags/v1^{}\n`,
  )
  t.equal(remote.head, 'main')
  t.strictSame(wishedOf(remote, 'HEAD', ''), { commit: a, branch: 'main' })
  t.strictSame(wishedOf(remote, 'v1', ''), { commit: c, branch: undefined })
  t.throws(() => wishedOf(remote, 'v2', 'https://u:secret@example.org/x'), { message: /https:\/\/u@example\.org\/x/ })
  t.equal(shownUrl('https://user:secret@example.org/x'), 'https://user@example.org/x')
})

interface Repository {
  root: string
  remote: string
  /** Commits a new content of `f`; answers the commit. */
  commit: (content: string) => string
}

function repository(t: Test): Repository {
  const root = folder(t)
  const remote = `${folder(t)}/remote`
  mkdirSync(remote)
  git(remote, 'init', '-q', '-b', 'main')
  const commit = (content: string): string => {
    writeFileSync(`${remote}/f`, content)
    git(remote, 'add', 'f')
    git(remote, 'commit', '-q', '-m', content)
    return git(remote, 'rev-parse', 'HEAD')
  }
  commit('one\n')
  return { root, remote, commit }
}

function git(cwd: string, ...words: string[]): string {
  const env = {
    ...process.env,
    GIT_AUTHOR_NAME: 'T',
    GIT_AUTHOR_EMAIL: 't@example.org',
    GIT_COMMITTER_NAME: 'T',
    GIT_COMMITTER_EMAIL: 't@example.org',
  }
  return execFileSync('git', words, { cwd, env, encoding: 'utf8' }).trim()
}

function latest(remote: string, target: string, more = ''): string {
  return `${remote}:\n  git.latest:\n    - target: ${target}\n${more}`
}
