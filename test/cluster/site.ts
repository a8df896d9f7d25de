import type { DebianHost } from '../hosts/host.ts'
import { REPOSITORIES } from './sources.ts'

/** Where the overlay is changed, on the master's host. */
const CLONE = '/tmp/site'

/**
 * Commits files to the overlay `site` and pushes them, as its owner on the master's host; `null` removes one. Gives the
 * commit.
 */
export async function commitToSite(
  master: DebianHost,
  files: Readonly<Record<string, string | null>>,
): Promise<string> {
  const git = `git -C ${CLONE} -c user.name=Operator -c user.email=operator@localhost`
  await owner(master, `rm -rf ${CLONE} && git clone --quiet ${REPOSITORIES}/site.git ${CLONE}`)
  for (const [path, content] of Object.entries(files)) {
    const file = `${CLONE}/${path}`
    if (content === null) await owner(master, `rm ${file}`)
    else await owner(master, `mkdir -p "$(dirname ${file})" && cat > ${file}`, content)
  }
  await owner(master, `${git} add --all && ${git} commit --quiet --message 'A change' && ${git} push --quiet`)
  return (await owner(master, `${git} rev-parse HEAD`)).trim()
}

/** A line for the shell of the user who owns the repositories. */
function owner(master: DebianHost, line: string, input = ''): Promise<string> {
  return master.must(['runuser', '-u', 'butler', '--', 'env', 'HOME=/tmp', 'sh', '-euc', line], { input })
}
