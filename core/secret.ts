import type { Data, DataMap } from './data.ts'
import { isMap } from './data.ts'

/** What is shown in a secret's place. */
export const DOTS = '••••••••'

/**
 * A value that must not be seen. It shows as dots in strings, JSON and `inspect`; only `reveal()` gives the text, so a
 * search for `reveal(` finds every place where a secret leaves its box.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return DOTS
  }

  toJSON(): string {
    return DOTS
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Secret(${DOTS})`
  }
}

/** The names and values that go along with one job, in memory only. */
export type SecretValues = ReadonlyMap<string, Secret>

/** A text with secrets in it, as low states hold it: the names, never the values. */
export interface SecretText {
  $text: (string | { $secret: string })[]
}

// While templates and YAML are read, a secret is a marker inside the text: two private-use characters around its name.
// They pass through YAML and zod untouched and cannot be typed by accident.
const OPEN = '\uE0B0'
const CLOSE = '\uE0B1'
const MARKER = new RegExp(`${OPEN}([^${OPEN}${CLOSE}]+)${CLOSE}`, 'u')

/** What the template helper `secret` renders: stands for the secret until the low state is made. */
export function secretMarker(name: string): string {
  return `${OPEN}${name}${CLOSE}`
}

export function hasSecretMarker(text: string): boolean {
  return text.includes(OPEN) && MARKER.test(text)
}

/** A text with what is said for each marked secret in its place. */
export function sayingSecrets(text: string, say: (name: string) => string): string {
  if (!hasSecretMarker(text)) return text
  return pieces(text)
    .map((piece) => (typeof piece === 'string' ? piece : say(piece.$secret)))
    .join('')
}

/** Turns every marked text inside data into a `SecretText`. The last step of compiling. */
export function sealSecrets(data: Data): Data {
  if (typeof data === 'string') return hasSecretMarker(data) ? { $text: pieces(data) } : data
  if (Array.isArray(data)) return data.map(sealSecrets)
  if (isMap(data)) return mapValues(data, sealSecrets)
  return data
}

/** Undoes `sealSecrets`: data that goes through a schema once more holds its secrets as marked texts. */
export function markSecrets(data: Data): Data {
  if (isSecretText(data)) {
    return data.$text.map((piece) => (typeof piece === 'string' ? piece : secretMarker(piece.$secret))).join('')
  }
  if (Array.isArray(data)) return data.map(markSecrets)
  return isMap(data) ? mapValues(data, markSecrets) : data
}

/** The names of all secrets inside sealed data. */
export function secretNames(data: Data): Set<string> {
  const found = new Set<string>()
  const visit = (value: Data): void => {
    if (isSecretText(value)) {
      for (const piece of value.$text) if (typeof piece !== 'string') found.add(piece.$secret)
    } else if (Array.isArray(value)) value.forEach(visit)
    else if (isMap(value)) Object.values(value).forEach(visit)
  }
  visit(data)
  return found
}

/** Puts the values in. The result is for the memory of the process that applies it, and for nothing else. */
export function openSecrets(data: Data, values: SecretValues): Data {
  if (isSecretText(data)) {
    return data.$text.map((piece) => (typeof piece === 'string' ? piece : reveal(piece.$secret, values))).join('')
  }
  if (Array.isArray(data)) return data.map((value) => openSecrets(value, values))
  if (isMap(data)) return mapValues(data, (value) => openSecrets(value, values))
  return data
}

/** Replaces every secret's value by dots in text that is about to be shown, sent or stored. */
export function redact(text: string, values: SecretValues): string {
  let shown = text
  for (const secret of values.values()) {
    const value = secret.reveal()
    if (value !== '') shown = shown.replaceAll(value, DOTS)
  }
  return shown
}

/** `redact` for every text inside data, keys included. */
export function redactData(data: Data, values: SecretValues): Data {
  if (values.size === 0) return data
  if (typeof data === 'string') return redact(data, values)
  if (Array.isArray(data)) return data.map((value) => redactData(value, values))
  if (isMap(data)) {
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [redact(key, values), redactData(value, values)]),
    )
  }
  return data
}

function isSecretText(data: Data): data is DataMap & SecretText {
  return isMap(data) && Array.isArray(data['$text'])
}

function reveal(name: string, values: SecretValues): string {
  const secret = values.get(name)
  if (secret === undefined) throw new Error(`The secret '${name}' did not come along with its job.`)
  return secret.reveal()
}

function pieces(text: string): SecretText['$text'] & Data[] {
  const parts = text.split(new RegExp(MARKER, 'gu'))
  // split() with one group alternates: text, name, text, name, ..., text
  return parts.flatMap((part, index): (string | { $secret: string })[] => {
    if (index % 2 === 1) return [{ $secret: part }]
    return part === '' ? [] : [part]
  })
}

function mapValues(map: DataMap, change: (value: Data) => Data): DataMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}
