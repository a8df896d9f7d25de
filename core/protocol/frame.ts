import type { Data } from '../data.ts'
import { isMap } from '../data.ts'
import type { ErrorData } from '../errors.ts'
import type { Frame } from './messages.ts'

/** Reads one frame; `undefined` when the text is none. Bodies are data still: who answers looks at them. */
export function parseFrame(text: string): Frame | undefined {
  const data = parseJson(text)
  if (!isMap(data)) return undefined
  const { id, ask, body, ok, error, others } = data
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined
  if (typeof ask === 'string') return { id, ask, body: body ?? null }
  if (isErrorData(error)) {
    return { id, error, ...(Array.isArray(others) ? { others: others.filter(isErrorData) } : {}) }
  }
  return ok === undefined ? undefined : { id, ok }
}

function parseJson(text: string): Data {
  try {
    return JSON.parse(text) as Data
  } catch {
    return null
  }
}

function isErrorData(value: Data | undefined): value is Data & ErrorData {
  return isMap(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string'
}
