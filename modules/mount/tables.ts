/** A file system in its place, as /etc/fstab writes it: spaces are `\040` there, and in the kernel's own list. */
export interface Entry {
  device: string
  at: string
  type: string
  options: string
  dump: string
  pass: string
}

/** A line of /etc/fstab or of /proc/self/mounts; nothing for a comment or an empty one. */
export function parseEntry(line: string): Entry | undefined {
  if (/^\s*(?:#|$)/u.test(line)) return undefined
  const [device = '', at = '', type = '', options = 'defaults', dump = '0', pass = '0'] = line.trim().split(/\s+/u)
  return { device: unescaped(device), at: unescaped(at), type, options, dump, pass }
}

export function lineOf({ device, at, type, options, dump, pass }: Entry): string {
  return [escaped(device), escaped(at), type, options, dump, pass].join('\t')
}

/** The table with the entry in its place; without it, when there is none to put there. */
export function withEntry(table: string, at: string, entry: Entry | undefined): string {
  const lines = table === '' ? [] : table.replace(/\n$/u, '').split('\n')
  const index = lines.findIndex((line) => parseEntry(line)?.at === at)
  const put = entry === undefined ? [] : [lineOf(entry)]
  if (index === -1) lines.push(...put)
  else lines.splice(index, 1, ...put)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function escaped(text: string): string {
  return text.replaceAll(/[\s\\]/gu, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
}
