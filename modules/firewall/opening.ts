import { isMap, type Data } from '../../core/data.ts'
import { UserError } from '../../core/errors.ts'

/** Ports that are open, and for whom. */
export interface Opening {
  /** What it is for. */
  name: string
  ports: readonly Port[]
  /** Addresses and networks; nothing: everybody. */
  from: readonly string[] | undefined
}

export interface Port {
  protocol: 'tcp' | 'udp'
  /** `22`, or `8000-8010`. */
  range: string
}

/** The openings as they are written: `{ ssh: { ports: [22] }, postgresql: { ports: [5432], from: [10.0.0.0/24] } }`. */
export function openingsOf(given: Data): Opening[] {
  if (!isMap(given)) throw bad('open', given, 'a map of names, each with `ports` and perhaps `from`')
  return Object.entries(given)
    .map(([name, value]) => openingOf(name, value))
    .filter(({ ports, from }) => ports.length > 0 && from?.length !== 0)
}

function openingOf(name: string, value: Data): Opening {
  if (!/^[\w .:-]{1,64}$/u.test(name)) throw bad('open', name, 'a name of letters, digits, - and _')
  if (!isMap(value)) throw bad(name, value, '`{ ports: [5432], from: [10.0.0.0/24] }`; without `from` for everybody')
  const unknown = Object.keys(value).find((key) => key !== 'ports' && key !== 'from')
  if (unknown !== undefined) throw bad(`${name}: ${unknown}`, value[unknown] ?? null, 'only `ports` and `from`')
  const { ports, from } = value
  return {
    name,
    ports: listOf(`${name}: ports`, ports ?? null).map((port) => portOf(name, port)),
    from: from === undefined ? undefined : listOf(`${name}: from`, from).map((each) => networkOf(name, each)),
  }
}

function listOf(where: string, value: Data): Data[] {
  if (Array.isArray(value)) return value
  throw bad(where, value, 'a list')
}

function portOf(name: string, value: Data): Port {
  const match = /^(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?(?:\/(?<protocol>tcp|udp))?$/u.exec(written(value))
  const { first, last = first, protocol } = match?.groups ?? {}
  const [low, high] = [Number(first), Number(last)]
  if (match === null || low < 1 || high > 65_535 || low > high) {
    throw bad(`${name}: ports`, value, '5432, 8301/udp or 8000-8010/tcp')
  }
  return { protocol: protocol === 'udp' ? 'udp' : 'tcp', range: low === high ? `${low}` : `${low}-${high}` }
}

/** Numbers alone: a name may mean another machine tomorrow. The kernel's own parser has the last word. */
function networkOf(name: string, value: Data): string {
  const text = written(value)
  if (/^[\da-f.:]+(?:\/\d{1,3})?$/iu.test(text) && /[.:]/u.test(text)) return text
  throw bad(`${name}: from`, value, 'an address or a network, such as 10.0.0.5 or 10.0.0.0/24')
}

function written(value: Data): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function bad(where: string, value: Data, wanted: string): UserError {
  return new UserError('bad-value', `'${where}' is ${JSON.stringify(value)}; it must be ${wanted}.`)
}
