import { args, type ArgsOf, flag, text, texts } from '../../core/module/args.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import { readText } from '../../core/module/read_text.ts'
import type { View } from '../../core/module/view.ts'

export const wanted = () =>
  args({
    name: text('The module, when `mods` is not given.'),
    mods: texts('Several modules.').optional(),
    persist: flag('Whether it holds after the next start of the machine too.').default(false),
  })

export type Want = ArgsOf<typeof wanted>

/** The kernel writes names with underscores; people write dashes too. */
export function namesOf({ name, mods }: Want): string[] {
  return (mods ?? [name]).map((each) => each.replaceAll('-', '_'))
}

export async function loadedModules(view: View): Promise<ReadonlySet<string>> {
  const text = (await readText(view, '/proc/modules')) ?? ''
  return new Set(text.split('\n').flatMap((line) => line.split(' ')[0] || []))
}

/** Where systemd-modules-load(8) looks; one file for each module. */
export function fileOf(module: string): string {
  return `/etc/modules-load.d/${module}.conf`
}

export async function modprobe(host: Host, words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await host.run(['modprobe', ...words])
  if (exitCode === 0) return
  const said = exitCode === 127 ? 'this machine has no modprobe: install kmod' : stderr.trim()
  throw new ChangeFailed(`modprobe ${words.join(' ')} failed: ${said}`, {
    hint: 'A container uses the kernel of its machine, and can load nothing.',
  })
}
