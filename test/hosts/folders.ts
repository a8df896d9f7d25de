import { join } from 'node:path'

/** What can be made again: base images and packages. Shared by all labs and kept between runs. */
export function cacheFolder(): string {
  return process.env['BUTLER_HOSTS_CACHE'] ?? '/var/cache/butler-hosts'
}

/** What runs now: one folder a lab, with all that is needed to end it. */
export function labFolder(lab: string): string {
  return join(process.env['BUTLER_HOSTS_STATE'] ?? '/var/lib/butler-hosts', lab)
}
