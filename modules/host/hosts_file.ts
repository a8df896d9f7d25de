/** Pure work on the text of /etc/hosts: what stands in other lines, comments and order stay as they are. */
export interface Entry {
  ip: string
  name: string
}

/** The addresses that a name stands beside. */
export function addressesOf(text: string, name: string): string[] {
  return text.split('\n').flatMap((line) => {
    const { ip, names } = parts(line)
    return ip !== undefined && names.includes(name) ? [ip] : []
  })
}

/** The text with the name beside the address; an address that has a line gets the name added to it. */
export function withEntry(text: string, { ip, name }: Entry): string {
  const lines = text === '' ? [] : text.replace(/\n$/u, '').split('\n')
  if (lines.some((line) => parts(line).ip === ip && parts(line).names.includes(name))) return text
  const index = lines.findIndex((line) => parts(line).ip === ip)
  if (index === -1) return `${[...lines, `${ip}\t${name}`].join('\n')}\n`
  return `${lines.map((line, at) => (at === index ? withName(line, name) : line)).join('\n')}\n`
}

/** The text without the name beside the address; a line that has no name left goes. */
export function withoutEntry(text: string, { ip, name }: Entry): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const { ip: has, names, comment } = parts(line)
      if (has !== ip || !names.includes(name)) return [line]
      const rest = names.filter((other) => other !== name)
      return rest.length === 0 ? [] : [`${ip}\t${rest.join(' ')}${comment}`]
    })
    .join('\n')
}

function parts(line: string): { ip: string | undefined; names: string[]; comment: string } {
  const hash = line.indexOf('#')
  const [ip, ...names] = (hash === -1 ? line : line.slice(0, hash)).trim().split(/\s+/u)
  return { ip: ip === '' ? undefined : ip, names, comment: hash === -1 ? '' : ` ${line.slice(hash)}` }
}

function withName(line: string, name: string): string {
  const { comment } = parts(line)
  const hash = line.indexOf('#')
  return `${(hash === -1 ? line : line.slice(0, hash)).trimEnd()} ${name}${comment}`
}
