import { UserError } from '../../core/errors.ts'
import { readText } from '../../core/module/read_text.ts'
import type { View } from '../../core/module/view.ts'

export const MODES = ['enforcing', 'permissive', 'disabled'] as const

export type Mode = (typeof MODES)[number]

export const CONFIG = '/etc/selinux/config'

/** How SELinux is now. Throws where there is none. */
export async function currentMode(view: View): Promise<Mode> {
  const { exitCode, stdout } = await view.query(['getenforce'])
  if (exitCode === 127) {
    view.missing({ kind: 'package', name: 'libselinux-utils' })
    throw new UserError('no-selinux', 'This machine has no getenforce, so it has no SELinux.', {
      hint: "Let the state be for machines that have it: {{#if (eq grains.os_family 'RedHat')}}.",
    })
  }
  return parseMode(stdout)
}

/** The output of `getenforce`. */
export function parseMode(stdout: string): Mode {
  const word = stdout.trim().toLowerCase()
  const mode = MODES.find((each) => each === word)
  if (mode !== undefined) return mode
  throw new UserError('selinux-failed', `getenforce answers '${stdout.trim()}', which is no mode of SELinux.`)
}

/** The mode of the next start, from the text of CONFIG; nothing when it says none. */
export function parseConfig(text: string): Mode | undefined {
  const word = /^\s*SELINUX=\s*(\w+)/mu.exec(text)?.[1]?.toLowerCase()
  return MODES.find((each) => each === word)
}

export async function configText(view: View): Promise<string> {
  return (await readText(view, CONFIG)) ?? ''
}

/** A boolean now, and after the next start. */
export interface Setting {
  now: boolean
  kept: boolean
}

/** The output of `semanage boolean -l`: `httpd_can_network_connect (off  ,  off)  Allow httpd to ...`. */
export function parseBooleans(stdout: string): Map<string, Setting> {
  const lines = stdout.matchAll(/^(\S+)\s+\(\s*(on|off)\s*,\s*(on|off)\s*\)/gmu)
  return new Map([...lines].map(([, name = '', now, kept]) => [name, { now: now === 'on', kept: kept === 'on' }]))
}
