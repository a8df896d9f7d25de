import type { Data } from '../../core/data.ts'
import { isMap } from '../../core/data.ts'
import type { RunEvent } from '../../core/run/event.ts'

/** In characters of JSON: several of them fit a frame. */
export const MAX_EVENT = 256 * 1024

/**
 * An event that fits a frame: when it is too large, its long texts keep their beginnings and ends and say how much is
 * missing, and lists that are too long keep their first items.
 */
export function shorten(event: RunEvent, limit = MAX_EVENT): RunEvent {
  let shown: Data = event as unknown as Data
  for (let text = limit / 4; JSON.stringify(shown).length > limit && text > 16; text = Math.floor(text / 2)) {
    shown = cut(event as unknown as Data, Math.floor(text), Math.max(8, Math.floor(text / 64)))
  }
  return shown as unknown as RunEvent
}

function cut(data: Data, text: number, items: number): Data {
  if (typeof data === 'string') return cutText(data, text)
  if (Array.isArray(data)) {
    const kept = data.slice(0, items).map((item) => cut(item, text, items))
    return data.length > items ? [...kept, `… ${data.length - items} more left out …`] : kept
  }
  if (!isMap(data)) return data
  const entries = Object.entries(data)
  const kept = Object.fromEntries(entries.slice(0, items).map(([key, value]) => [key, cut(value, text, items)]))
  return entries.length > items ? { ...kept, '…': `${entries.length - items} more left out` } : kept
}

function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const half = Math.floor(limit / 2)
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`
}
