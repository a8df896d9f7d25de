import { change, type Change } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'
import { kindOf, type Repository, repositoryArgs, type Want } from './repository.ts'

export const managed = state({
  summary: 'Packages are taken from this repository too: apt or dnf knows it, with the key that it is signed by.',
  args: repositoryArgs,
  reports: { repository: 'Its file before and after.', key: 'The file of its key, when another one was written.' },
  example: `
    deb https://deb.example.org/debian bookworm main:
      pkgrepo.managed:
        - key_url: butler://example/files/example.asc
  `,
  makes: () => ['anything'],
  async *plan(view, want) {
    const kind = kindOf(view)
    const repository = kind.repositoryOf(want)
    const has = await readText(view, repository.file)
    const changes = [...(await keyChanges(view, want, repository)), ...fileChanges(repository, has)]
    const last = changes.at(-1)
    if (last === undefined || !want.refresh)
      return yield* planOf(changes, `The repository is there: ${repository.file}`)
    return yield* planOf([...changes.slice(0, -1), thenRead(last, (host) => kind.readAgain(host))], '')
  },
})

/** Once, after the last of the changes. */
function thenRead(last: Change, readAgain: (host: Host) => Promise<void>): Change {
  return {
    ...last,
    async apply(host) {
      const done = await last.apply(host)
      await readAgain(host)
      return done
    },
  }
}

function fileChanges({ file, content }: Repository, has: string | undefined): Change[] {
  if (has === content) return []
  return [
    change('repository', { old: has ?? '', new: content }, [{ kind: 'path', name: file }, 'anything'], async (host) => {
      await host.write(file, content, { mode: '0644' })
    }),
  ]
}

async function keyChanges(view: View, { key_url: url }: Want, { keyFile }: Repository): Promise<Change[]> {
  if (url === undefined || keyFile === undefined) return []
  const key = await view.fetch(url)
  const has = await view.read(keyFile)
  if (has !== undefined && Buffer.compare(has, key) === 0) return []
  return [
    change('key', keyFile, [{ kind: 'path', name: keyFile }, 'anything'], async (host) => {
      await host.mkdir(keyFile.slice(0, keyFile.lastIndexOf('/')), { parents: true })
      await host.write(keyFile, key, { mode: '0644' })
    }),
  ]
}
