import { change, type Change } from '../../core/module/change.ts'
import type { View } from '../../core/module/view.ts'

export const HOSTS = '/etc/hosts'

export async function readHosts(view: View): Promise<string> {
  return new TextDecoder().decode(await view.read(HOSTS))
}

/**
 * Brings one name in order. The file is read again when it is written, since several states of a run change it one
 * after the other.
 */
export function hostsChange(
  key: string,
  shows: Change['shows'],
  edit: (text: string) => string,
  comment: string,
): Change {
  return change(key, shows, [], async (host) => {
    const text = await readHosts(host)
    const newer = edit(text)
    if (newer === text) return { unchanged: true }
    await host.write(HOSTS, newer)
    return { comment }
  })
}
