import { existsSync, readdirSync } from 'node:fs'
import { known, textOf } from './family.ts'

/** Who started everything else. `systemd` is there only when it is in charge, not when it is merely installed. */
export function init() {
  const systemd = existsSync('/run/systemd/system')
  return known({
    init: systemd ? 'systemd' : (textOf('/proc/1/comm') ?? 'unknown'),
    systemd: systemd ? known({ version: systemdVersion() }) : undefined,
    selinux: { enabled: existsSync('/sys/fs/selinux/enforce') },
  })
}

/** From the name of its library: `libsystemd-shared-252.so`. Asking systemctl would cost a program's run. */
function systemdVersion(): string | undefined {
  for (const folder of [
    '/usr/lib/systemd',
    `/usr/lib/x86_64-linux-gnu/systemd`,
    '/usr/lib/aarch64-linux-gnu/systemd',
  ]) {
    const names = existsSync(folder) ? readdirSync(folder) : []
    const version = names
      .map((name) => /^libsystemd-shared-(\d+)/u.exec(name)?.[1])
      .find((found) => found !== undefined)
    if (version !== undefined) return version
  }
  return undefined
}
