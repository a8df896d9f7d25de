import { UserError } from '../errors.ts'

/** A block of addresses: those whose first `prefix` bits are the same. */
export interface Network {
  bits: bigint
  /** 32 or 128. */
  width: number
  prefix: number
}

/** `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. Throws `bad-target` when it is none, or names a host and a network at once. */
export function parseNetwork(text: string): Network {
  const [address = '', prefix, ...rest] = text.split('/')
  const parsed = parseAddress(address)
  if (parsed === undefined || rest.length > 0) throw bad(text, 'no address')
  const length = prefix === undefined ? parsed.width : prefixLength(prefix, parsed.width)
  if (length === undefined) throw bad(text, `no address: what follows the slash is not between 0 and ${parsed.width}`)
  const host = BigInt(parsed.width - length)
  const network = (parsed.bits >> host) << host
  if (network !== parsed.bits)
    throw bad(
      text,
      'no network: the bits behind its prefix must be 0',
      `Write ${format(network, parsed.width)}/${length}.`,
    )
  return { ...parsed, prefix: length }
}

export function contains(network: Network, address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed === undefined || parsed.width !== network.width) return false
  const host = BigInt(network.width - network.prefix)
  return parsed.bits >> host === network.bits >> host
}

export function parseAddress(text: string): { bits: bigint; width: number } | undefined {
  if (text.includes(':')) return parseV6(text)
  const bits = parseV4(text)
  return bits === undefined ? undefined : { bits, width: 32 }
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/u.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

function parseV6(text: string): { bits: bigint; width: number } | undefined {
  const halves = text.split('%')[0]?.split('::') ?? []
  const groups = halves.map(groupsOf)
  const [left, right] = groups
  if (left === undefined || halves.length > 2 || groups.includes(undefined)) return undefined
  const missing = 8 - left.length - (right?.length ?? 0)
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...left, ...Array.from({ length: missing }, () => 0n), ...(right ?? [])]
  return { bits: all.reduce((bits, group) => (bits << 16n) | group, 0n), width: 128 }
}

function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  for (const part of text.split(':')) {
    const v4 = part.includes('.') ? parseV4(part) : undefined
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn)
    else if (/^[\da-f]{1,4}$/iu.test(part)) groups.push(BigInt(`0x${part}`))
    else return undefined
  }
  return groups
}

/** `24`, or for IPv4 a mask such as `255.255.255.0`. */
function prefixLength(text: string, width: number): number | undefined {
  if (/^\d{1,3}$/u.test(text)) return Number(text) <= width ? Number(text) : undefined
  const mask = width === 32 ? parseV4(text) : undefined
  const ones = mask === undefined ? undefined : /^(1*)0*$/u.exec(mask.toString(2).padStart(32, '0'))
  return ones?.[1]?.length
}

function format(bits: bigint, width: number): string {
  const size = width === 32 ? 8n : 16n
  const count = width === 32 ? 4 : 8
  const parts = Array.from(
    { length: count },
    (_, index) => (bits >> (size * BigInt(count - 1 - index))) & ((1n << size) - 1n),
  )
  return width === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')
}

function bad(text: string, why: string, hint?: string): UserError {
  return new UserError('bad-target', `'${text}' is ${why}.`, { hint: hint ?? 'Write it as 10.0.0.7 or 10.0.0.0/8.' })
}
