const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  Object.entries({ yes: true, true: true, on: true, no: false, false: false, off: false }).flatMap(([word, value]) =>
    [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()].map((form) => [form, value] as const),
  ),
)
const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL'])

const INTEGER = /^[-+]?(?:0b[01_]+|0x[\dA-Fa-f_]+|0[0-7_]*|[1-9][\d_]*)$/u
const FLOAT = /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?)$/u
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/u
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/u

/** What a plain (unquoted) scalar means, or `undefined` for infinities and NaN, which no JSON can hold. */
export function plainScalar(text: string): null | boolean | number | string | undefined {
  if (NULLS.has(text)) return null
  const boolean = BOOLEANS.get(text)
  if (boolean !== undefined) return boolean
  // Every number begins with one of these: most text is settled here.
  if (!/^[-+.\d]/u.test(text)) return text
  if (NO_NUMBER.test(text)) return undefined
  const number = INTEGER.test(text) ? integer(text) : FLOAT.test(text) ? float(text) : base60(text)
  // A number that JavaScript can't hold exactly stays as it was written.
  return number === undefined || (Number.isInteger(number) && !Number.isSafeInteger(number)) ? text : number
}

/** Salt drops leading zeros (`0644` is 644), but after a sign they still mean octal. */
function integer(text: string): number | undefined {
  const negative = text.startsWith('-')
  const signed = /^[-+]/u.test(text)
  const digits = (signed ? text.slice(1) : text).replaceAll('_', '')
  const octal = signed && /^0\d/u.test(digits)
  const value = digits === '' ? 0 : Number(octal ? `0o${digits}` : digits)
  if (Number.isNaN(value)) return undefined
  return negative && value !== 0 ? -value : value
}

function float(text: string): number | undefined {
  const value = Number(text.replaceAll('_', ''))
  return Number.isNaN(value) ? undefined : value
}

/** `1:30` is 90, as YAML 1.1 has it. A leading zero (`08:30`) is read only when a fraction follows. */
function base60(text: string): number | undefined {
  if (!BASE_60.test(text) || (!text.includes('.') && !/^[-+]?[1-9]/u.test(text))) return undefined
  const parts = text.replace(/^[-+]/u, '').replaceAll('_', '').split(':')
  const value = parts.reduce((sum, part) => sum * 60 + Number(part), 0)
  return text.startsWith('-') ? -value : value
}
