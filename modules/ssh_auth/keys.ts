import { homeOf } from '../../core/module/accounts.ts'
import { readText } from '../../core/module/read_text.ts'
import type { View } from '../../core/module/view.ts'

/** A public key, as a line of `authorized_keys` holds it. */
export interface Key {
  options: string
  type: string
  /** In base64: what makes it this key. */
  blob: string
  comment: string
}

const KEY = /(?<type>(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)\s+(?<blob>[A-Za-z0-9+/]+=*)(?:\s+(?<comment>.*?))?\s*$/u

/** A line with a key; nothing for a comment, an empty line, or what is no key. */
export function parseKey(line: string): Key | undefined {
  if (/^\s*(?:#|$)/u.test(line)) return undefined
  const match = KEY.exec(line)
  const { type, blob, comment = '' } = match?.groups ?? {}
  if (match === null || type === undefined || blob === undefined) return undefined
  return { options: line.slice(0, match.index).trim(), type, blob, comment }
}

export function lineOf({ options, type, blob, comment }: Key): string {
  return [options, type, blob, comment].filter((each) => each !== '').join(' ')
}

/** Whose keys, and where they lie. */
export interface KeyFile {
  user: string
  file: string
}

/** The file with a user's keys; `%h` stands for the user's home and `%u` for the name, and a relative path lies in the home. */
export async function keyFileOf(view: View, user: string, config: string): Promise<KeyFile> {
  const home = await homeOf(view, user)
  const named = config.replaceAll('%h', home).replaceAll('%u', user)
  return { user, file: named.startsWith('/') ? named : `${home}/${named}` }
}

export async function readKeys(view: View, { file }: KeyFile): Promise<string> {
  return (await readText(view, file)) ?? ''
}

/** The text with the key in its place: in that of the same key, else at the end. Nothing: it is taken away. */
export function withKey(text: string, blob: string, key: Key | undefined): string {
  const lines = text === '' ? [] : text.replace(/\n$/u, '').split('\n')
  const at = lines.findIndex((line) => parseKey(line)?.blob === blob)
  const put = key === undefined ? [] : [lineOf(key)]
  if (at === -1) lines.push(...put)
  else lines.splice(at, 1, ...put)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
