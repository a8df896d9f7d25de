import { UserError } from '../../core/errors.ts'
import { args, type ArgsOf, path, text } from '../../core/module/args.ts'
import { change, type Change } from '../../core/module/change.ts'
import { readText } from '../../core/module/read_text.ts'
import { planOf, state } from '../../core/module/state.ts'
import type { View } from '../../core/module/view.ts'

const wanted = () =>
  args({
    name: text('The setting of the kernel: `vm.swappiness`.'),
    value: text('Its value.'),
    config: path('The file by which it is set when the machine starts.').default('/etc/sysctl.d/99-butler.conf'),
  })

type Want = ArgsOf<typeof wanted>

export const present = state({
  summary: 'The setting of the kernel has this value, now and after the next start of the machine.',
  args: wanted,
  reports: {
    '<name>': 'What the kernel had before and has after.',
    config: 'What the file said before and says after.',
  },
  example: `
    vm.swappiness:
      sysctl.present:
        - value: 10
  `,
  makes: (want) => [{ kind: 'path', name: want.config }],
  async *plan(view, want) {
    const changes = [...(await kernelChanges(view, want)), ...(await fileChanges(view, want))]
    return yield* planOf(changes, `Sysctl value ${want.name} = ${want.value} is already set`)
  },
})

async function kernelChanges(view: View, { name, value }: Want): Promise<Change[]> {
  const { exitCode, stdout, stderr } = await view.query(['sysctl', '-n', '--', name])
  if (exitCode === 127) {
    view.missing({ kind: 'package', name: 'procps' })
    throw new UserError('no-sysctl', 'This machine has no sysctl.', { hint: 'Install procps with pkg.installed.' })
  }
  if (exitCode !== 0) {
    throw new UserError('unknown-setting', `The kernel has no setting '${name}': ${stderr.trim()}`, {
      hint: "'sysctl -a' shows them; a module of the kernel may have to be loaded first.",
    })
  }
  const has = plain(stdout)
  if (has === plain(value)) return []
  return [
    change(name, { old: has, new: plain(value) }, [], async (host) => {
      await host.run(['sysctl', '-w', '--', `${name}=${value}`], { check: true })
    }),
  ]
}

/** Values of several words have tabs between them. */
function plain(value: string): string {
  return value.trim().replaceAll(/\s+/gu, ' ')
}

async function fileChanges(view: View, { name, value, config }: Want): Promise<Change[]> {
  const text = (await readText(view, config)) ?? ''
  const has = entriesIn(text, name)
  if (has.length === 1 && has[0] !== undefined && plain(has[0]) === plain(value)) return []
  const shows = { old: has.join(', '), new: value }
  return [
    change('config', shows, [{ kind: 'path', name: config }], async (host) => {
      // Read again: several states of a run write to it, one after the other.
      const lines = ((await readText(host, config)) ?? '').split('\n').filter((line) => keyOf(line) !== name)
      const kept = lines.join('\n').trimEnd()
      await host.write(config, `${kept === '' ? '# Written by Butler.' : kept}\n${name} = ${value}\n`, { mode: '0644' })
    }),
  ]
}

function entriesIn(text: string, name: string): string[] {
  return text.split('\n').flatMap((line) => (keyOf(line) === name ? line.slice(line.indexOf('=') + 1).trim() : []))
}

/** `net/ipv4/ip_forward` is another way to write the same. A line may begin with `-`: its failure does not count. */
function keyOf(line: string): string | undefined {
  const [, key] = /^\s*-?\s*([^#;=\s]+)\s*=/u.exec(line) ?? []
  return key?.replaceAll('/', '.')
}
