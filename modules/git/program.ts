import { UserError } from '../../core/errors.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import type { CommandOptions, Output, View } from '../../core/module/view.ts'

/** As whom, with which key and where git is run. */
export interface As {
  user?: string | undefined
  /** A private key for ssh. */
  identity?: string | undefined
  /** The work tree or bare repository; not for cloning. */
  cwd?: string | undefined
}

/** Runs git to look. No question is ever asked: nobody is there to answer. */
export async function look(view: View, as: As, words: readonly string[]): Promise<Output> {
  const output = await view.query(['git', ...trust(as), ...words], optionsOf(as))
  if (output.exitCode !== 127) return output
  view.missing({ kind: 'package', name: 'git' })
  throw new UserError('no-git', 'This machine has no git.', {
    hint: 'Install it with pkg.installed, and require that state here.',
  })
}

/** Runs git to change something. Throws a `ChangeFailed` with what git said. */
export async function doing(host: Host, as: As, words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await host.run(['git', ...trust(as), ...words], optionsOf(as))
  if (exitCode !== 0) throw new ChangeFailed(`git ${words[0]} failed: ${stderr.trim()}`)
}

/** A tree that belongs to somebody else than who runs git is the operator's wish, not an attack. */
function trust({ cwd }: As): string[] {
  return cwd === undefined ? [] : ['-c', `safe.directory=${cwd}`]
}

function optionsOf({ user, identity, cwd }: As): CommandOptions {
  const ssh = ['ssh', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=accept-new']
  const key = identity === undefined ? [] : ['-i', `'${identity.replaceAll("'", String.raw`'\''`)}'`]
  return {
    runas: user,
    cwd: cwd ?? '/',
    env: {
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      // a look must not write: git status would else put a fresher index in place
      GIT_OPTIONAL_LOCKS: '0',
      GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
      GIT_SSH_COMMAND: [...ssh, ...key].join(' '),
    },
  }
}
